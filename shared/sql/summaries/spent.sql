-- What planned campaigns have spent of their budgets since their first day, and this week. A
-- row without spend is none, and so is a campaign that only channels without rows this week have.
-- A row is of the campaign with its id; if there is none, of the one with its name.
WITH planned AS (
  SELECT c.campaign_id, COALESCE(c.name, c.campaign_id) AS name, c.start_date, c.end_date
  FROM campaigns AS c
  WHERE c.project_id = @project_id
),
named AS (
  SELECT p.name, MAX(p.campaign_id) AS campaign_id
  FROM planned AS p
  GROUP BY p.name
  HAVING COUNT(*) = 1
),
daily AS (
  SELECT COALESCE(i.campaign_id, n.campaign_id) AS campaign_id, d.channel, d.date, d.spend
  FROM channel_daily AS d
  LEFT JOIN planned AS i ON i.campaign_id = d.campaign_id
  LEFT JOIN named AS n ON n.name = COALESCE(d.campaign, d.campaign_id)
  WHERE d.project_id = @project_id
    AND d.date BETWEEN @first_day AND @last_day
)
SELECT
  p.campaign_id,
  CAST(SUM(d.spend) AS FLOAT64) AS spent,
  CAST(SUM(IF(d.date >= @week_start, COALESCE(d.spend, 0), 0)) AS FLOAT64) AS this_week
FROM daily AS d
JOIN planned AS p ON p.campaign_id = d.campaign_id
WHERE d.date BETWEEN p.start_date AND p.end_date
  AND p.campaign_id IN UNNEST(@campaigns)
GROUP BY p.campaign_id
HAVING SUM(d.spend) IS NOT NULL
  AND MAX(IF(d.channel IN UNNEST(@silent), 0, 1)) = 1
