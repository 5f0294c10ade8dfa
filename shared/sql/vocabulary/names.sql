-- Every campaign name of a tenant: one row per id, name and channel, with the days it has rows for.
-- A campaign that has no rows yet has no channel, and the days that are planned for it.
WITH measured AS (
  SELECT
    d.campaign_id,
    COALESCE(d.campaign, d.campaign_id) AS name,
    d.channel,
    MIN(d.date) AS first_day,
    MAX(d.date) AS last_day
  FROM channel_daily AS d
  WHERE d.project_id = @project_id
    AND d.date BETWEEN @first_day AND @last_day
  GROUP BY 1, 2, 3
),
planned AS (
  SELECT
    c.campaign_id,
    COALESCE(c.name, c.campaign_id) AS name,
    COALESCE(c.start_date, c.end_date, DATE(c.loaded_at)) AS first_day,
    COALESCE(c.end_date, c.start_date, DATE(c.loaded_at)) AS last_day
  FROM campaigns AS c
  WHERE c.project_id = @project_id
)
SELECT campaign_id, name, channel, first_day, last_day FROM measured
UNION ALL
SELECT p.campaign_id, p.name, NULL, p.first_day, p.last_day
FROM planned AS p
LEFT JOIN measured AS m ON m.name = p.name
WHERE m.name IS NULL
ORDER BY last_day DESC, name, campaign_id, channel
