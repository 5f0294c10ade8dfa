-- The daily sums of a project's channels. Of very many the largest by spend stand alone; the others
-- are one row a day under one name. A row without any figure says nothing.
WITH ranked AS (
  SELECT
    d.channel,
    ROW_NUMBER() OVER (
      ORDER BY SUM(COALESCE(d.spend, 0)) DESC, SUM(COALESCE(d.clicks, 0)) DESC, d.channel
    ) AS place
  FROM channel_daily AS d
  WHERE d.project_id = @project_id
    AND d.date BETWEEN @first_day AND @last_day
  GROUP BY d.channel
),
named AS (
  SELECT r.channel, IF(r.place <= @most, r.channel, @rest) AS line
  FROM ranked AS r
)
SELECT
  n.line,
  d.date,
  CAST(SUM(d.spend) AS FLOAT64) AS spend,
  SUM(d.impressions) AS impressions,
  SUM(d.clicks) AS clicks,
  SUM(d.conversions) AS conversions,
  CAST(SUM(d.revenue) AS FLOAT64) AS revenue,
  MIN(d.loaded_at) AS first_loaded,
  MAX(d.loaded_at) AS last_loaded
FROM channel_daily AS d
JOIN named AS n ON n.channel = d.channel
WHERE d.project_id = @project_id
  AND d.date BETWEEN @first_day AND @last_day
  AND (
    d.spend IS NOT NULL OR d.impressions IS NOT NULL OR d.clicks IS NOT NULL
    OR d.conversions IS NOT NULL OR d.revenue IS NOT NULL
  )
GROUP BY n.line, d.date
ORDER BY n.line, d.date
