"""What these data cannot tell, so that it is said instead of guessed: topic, why, phrases."""

from __future__ import annotations

UNSUPPORTED: tuple[tuple[str, str, str], ...] = (
    (
        "customers",
        "These data count conversions, not customers: who is new, returning or lost is not in "
        "them.",
        """
        customer | customers | new customers | returning customers | new customer | buyers |
        clients | retention | churn | repeat purchases | customer acquisition cost | cac | cost
        per customer | cost per new customer | acquisition cost per customer
        """,
    ),
    (
        "profit",
        "Profit and margin need the cost of goods, which these data do not hold; ROAS compares "
        "revenue with spend.",
        """
        profit | profits | profitable | profitability | margin | margins | gross margin | poas |
        net revenue | net income | contribution margin | most profitable | mer
        """,
    ),
    (
        "roi",
        "ROI needs profit, which these data do not hold; ROAS compares revenue with spend.",
        "roi | return on investment | romi",
    ),
    (
        "ltv",
        "Customer lifetime value is not in these data.",
        "ltv | clv | cltv | lifetime value | customer lifetime value",
    ),
    (
        "reactions",
        "Likes, followers, comments, shares and other reactions are not in these data.",
        """
        like count | likes | follower | followers | comments | reactions | engagement | retweets |
        engagement rate | engagements | subscribers | new followers | social shares | mentions
        """,
    ),
    (
        "visits",
        "Visits, users, sessions and bounce rate are not in these data; they hold impressions, "
        "clicks, conversions, spend and revenue.",
        """
        bounce rate | bounce | bounces | session | sessions | visit | visits | visitor | visitors
        | users | user | pageviews | page views | traffic | landing page | landing pages | time on
        site | add to cart | cart abandonment | checkout
        """,
    ),
    (
        "mails",
        "Opens, deliveries and unsubscribes of e-mails are not in these data.",
        """
        open rate | opens | opened | sent | sends | send | sender | senders | mails sent |
        recipients | recipient | unsubscribes | unsubscribe | unsubscribe rate | delivery rate |
        deliverability | open rates | unsubscriptions | spam
        """,
    ),
    (
        "reach",
        "Reach, frequency, video views and quality scores are not in these data.",
        """
        reach | frequency | video views | view rate | vtr | viewability | quality score |
        impression share | impressions share | click share | search impression share | impressions
        share | click share | share of voice | market share | cpv | cost per view | completion
        rate | ad rank | watch time
        """,
    ),
    (
        "parts",
        "The finest level of these data is the campaign: ad groups, ads, keywords and creatives "
        "are not in them.",
        """
        ad group | ad groups | adgroup | adgroups | ad set | ad sets | adset | adsets | keyword |
        keywords | search term | search terms | creative | creatives | ad copy | headline |
        placement | placements
        """,
    ),
    (
        "audience",
        "These data are by day, channel and campaign, not by country, device or audience.",
        """
        country | countries | city | cities | region | regions | device | devices | mobile |
        desktop | tablet | age | gender | audience | audiences | demographics | men | women |
        location | locations | segment | segments | ios | android | language | browser
        """,
    ),
    (
        "products",
        "Products and categories are not in these data.",
        "product | products | sku | skus | category | categories | item | items | brands",
    ),
    (
        "attribution",
        "Conversions are as the platforms counted them: how they were attributed is not in these "
        "data.",
        """
        view through | viewthrough | post view | post click | click through conversions | assisted |
        assists | assist | last click | first click | first touch | last touch | multi touch | last
        non direct | attribution | attribution window | incremental | incrementality | incremental
        lift | deduplicated | modelled | modeled
        """,
    ),
    (
        "hours",
        "These data are by day: hours and times of day are not in them.",
        """
        hour | hours | hourly | time of day | hour of day | o'clock | morning | afternoon |
        evening | night | minutes
        """,
    ),
    (
        "competitors",
        "These data are of your own campaigns only; competitors and the market are not in them.",
        """
        competitor | competitors | competition | benchmark | benchmarks | industry average |
        industry | rivals | market
        """,
    ),
    (
        "currency",
        "Amounts are in the project's own currency, and none is converted: ask without one.",
        "dollar | dollars | euro | euros | eur | usd | gbp | pounds | chf | yen | cents",
    ),
    (
        "sql",
        "Questions are asked in plain words; statements to a database are not run.",
        """
        drop table | create table | alter table | truncate table | insert into | delete from |
        update table | drop database | union select | select from
        """,
    ),
    (
        "weather",
        "The weather is not in these data.",
        "weather | temperature | rain",
    ),
    (
        "future",
        "These data end yesterday: the future is not in them, and no forecast is made here.",
        """
        forecast | forecasts | predict | prediction | predicted | projection | projected | expect
        | expected | what will | will we | will be | how much will | how many will | future |
        estimate for | going to be
        """,
    ),
    (
        "why",
        "These data say what changed, not why. Compare by channel or campaign to see where.",
        "why | reason | reasons | cause | causes | caused | because | explain | root cause",
    ),
    (
        "advice",
        "This answers questions about the past; for advice see the budget recommendations.",
        """
        should | should we | should i | recommend | recommendation | recommendations | suggest |
        advice | advise | optimize | optimise | reallocate | what to do | improve our | how can we
        """,
    ),
    (
        "statistics",
        "Only sums and ratios of sums are computed, no medians, correlations or significance.",
        """
        median | percentile | standard deviation | variance | correlation | correlate | correlated
        | regression | significant | significance | statistically | outliers | outlier |
        cumulative | cumulatively | running total | moving average | rolling average
        """,
    ),
    (
        "budget",
        "Budgets are of a campaign's whole life: neither their sums nor their pace is computed. "
        "Ask for the budget of a campaign, or how much of it is spent.",
        """
        budget pacing | pacing | pace | daily budget | monthly budget | weekly budget | total budget
        | budget in total | sum of budgets | overall budget | combined budget | average budget |
        budget plan | yearly budget | annual budget | quarterly budget
        """,
    ),
    (
        "weekday",
        "Picking single weekdays is not possible; ask for a breakdown by weekday.",
        """
        mondays | tuesdays | wednesdays | thursdays | fridays | saturdays | sundays | weekends |
        on weekends | on weekdays | only weekdays | weekdays only | during weekdays |
        only weekends |
        weekends only | weekdays vs weekends | weekends vs weekdays | workdays | business days
        """,
    ),
)
