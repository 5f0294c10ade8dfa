-- One row per project, day, channel and campaign. `date` is a day in the project's own time zone.
CREATE TABLE IF NOT EXISTS marketing.channel_daily (
  project_id  STRING NOT NULL,
  date        DATE NOT NULL,
  channel     STRING NOT NULL,
  campaign_id STRING NOT NULL,
  campaign    STRING,
  spend       NUMERIC,
  impressions INT64,
  clicks      INT64,
  conversions FLOAT64,
  revenue     NUMERIC,
  loaded_at   TIMESTAMP,
  PRIMARY KEY (project_id, date, channel, campaign_id) NOT ENFORCED
)
PARTITION BY date
CLUSTER BY project_id, channel, campaign_id
OPTIONS (require_partition_filter = TRUE)
