-- The campaigns with a budget for days that touch the week, the largest budget first.
SELECT
  c.campaign_id,
  COALESCE(c.name, c.campaign_id) AS name,
  CAST(c.budget AS FLOAT64) AS budget,
  c.start_date,
  c.end_date
FROM campaigns AS c
WHERE c.project_id = @project_id
  AND c.budget > 0
  AND c.start_date BETWEEN @earliest AND @last_day
  AND c.end_date >= @first_day
  AND c.end_date >= c.start_date
ORDER BY c.budget DESC, c.campaign_id
LIMIT 2000
