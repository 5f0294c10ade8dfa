-- How many channels and campaigns had rows.
SELECT
  COUNT(DISTINCT c.channel) AS channels,
  COUNT(c.campaign_id) AS campaigns
FROM (
  SELECT d.channel, d.campaign_id
  FROM channel_daily AS d
  WHERE d.project_id = @project_id
    AND d.date BETWEEN @first_day AND @last_day
    AND (
      d.spend IS NOT NULL OR d.impressions IS NOT NULL OR d.clicks IS NOT NULL
      OR d.conversions IS NOT NULL OR d.revenue IS NOT NULL
    )
  GROUP BY d.channel, d.campaign_id
) AS c
