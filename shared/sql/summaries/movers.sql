-- The days of the campaigns that rose or fell most: by a metric's sum over some days, less that over
-- others.
WITH measured AS (
  SELECT
    d.channel,
    d.campaign_id,
    d.date,
    CASE @metric
      WHEN 'revenue' THEN CAST(COALESCE(d.revenue, 0) AS FLOAT64)
      WHEN 'conversions' THEN COALESCE(d.conversions, 0)
      WHEN 'clicks' THEN CAST(COALESCE(d.clicks, 0) AS FLOAT64)
      ELSE CAST(COALESCE(d.spend, 0) AS FLOAT64)
    END AS measured
  FROM channel_daily AS d
  WHERE d.project_id = @project_id
    AND d.date BETWEEN @first_day AND @last_day
),
changed AS (
  SELECT
    m.channel,
    m.campaign_id,
    SUM(IF(m.date IN UNNEST(@days), m.measured, 0))
      - SUM(IF(m.date IN UNNEST(@days_before), m.measured, 0)) AS changed
  FROM measured AS m
  GROUP BY m.channel, m.campaign_id
),
ranked AS (
  SELECT
    c.channel,
    c.campaign_id,
    ROW_NUMBER() OVER (ORDER BY c.changed DESC, c.channel, c.campaign_id) AS rise,
    ROW_NUMBER() OVER (ORDER BY c.changed, c.channel, c.campaign_id) AS fall
  FROM changed AS c
  WHERE c.changed <> 0
)
SELECT
  d.channel,
  d.campaign_id,
  d.campaign AS name,
  d.date,
  CAST(d.spend AS FLOAT64) AS spend,
  d.impressions,
  d.clicks,
  d.conversions,
  CAST(d.revenue AS FLOAT64) AS revenue
FROM channel_daily AS d
JOIN ranked AS r ON r.channel = d.channel AND r.campaign_id = d.campaign_id
WHERE d.project_id = @project_id
  AND d.date BETWEEN @first_day AND @last_day
  AND (r.rise <= @most OR r.fall <= @most)
ORDER BY d.channel, d.campaign_id, d.date
