-- The daily sums of a project's campaigns. Of very many campaigns the largest by spend stand alone;
-- the others of a channel are one row a day under one name.
WITH ranked AS (
  SELECT
    d.channel,
    d.campaign_id,
    ROW_NUMBER() OVER (
      ORDER BY SUM(COALESCE(d.spend, 0)) DESC, SUM(COALESCE(d.clicks, 0)) DESC, d.channel, d.campaign_id
    ) AS place
  FROM channel_daily AS d
  WHERE d.project_id = @project_id
    AND d.date BETWEEN @first_day AND @last_day
  GROUP BY d.channel, d.campaign_id
)
SELECT
  d.channel,
  IF(r.place <= @most, d.campaign_id, @rest) AS campaign,
  d.date,
  MAX(d.campaign) AS name,
  CAST(SUM(d.spend) AS FLOAT64) AS spend,
  SUM(d.impressions) AS impressions,
  SUM(d.clicks) AS clicks,
  SUM(d.conversions) AS conversions,
  CAST(SUM(d.revenue) AS FLOAT64) AS revenue,
  MAX(d.loaded_at) AS loaded_at
FROM channel_daily AS d
JOIN ranked AS r ON r.channel = d.channel AND r.campaign_id = d.campaign_id
WHERE d.project_id = @project_id
  AND d.date BETWEEN @first_day AND @last_day
GROUP BY 1, 2, 3
ORDER BY 1, 2, 3
