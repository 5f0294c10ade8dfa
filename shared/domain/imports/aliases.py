"""What exports call their columns, as tables.

Names are those of Google Ads, Meta Ads Manager, GA4, TikTok, LinkedIn and Microsoft Advertising, in
English, German, French, Spanish and Dutch, parted by bars. Case, accents, spaces, punctuation and a
currency at the end do not count. Each target has tiers: of two columns the one in the earlier tier
is taken, and two in one tier are a question for the person.
"""

from __future__ import annotations

Tiers = tuple[str, ...]

_CAMPAIGN_ID: Tiers = (
    "campaign id | Kampagnen-ID | identifiant de la campagne | ID de campagne | ID de campaña"
    " | identificador de la campaña | campagne-ID | Session campaign ID",
    "campaign group id",
)
_CAMPAIGN: Tiers = (
    "campaign | campaign name | Kampagne | Kampagnenname | campagne | nom de la campagne"
    " | campaña | nombre de la campaña | campagnenaam | naam campagne | naam van campagne",
    "Session campaign | Sitzung – Kampagne | Session – Campagne | Campaña de la sesión"
    " | Sessiecampagne | utm campaign",
    "First user campaign | campaign group name",
)
_CURRENCY: Tiers = (
    "currency | currency code | Währungscode | Währung | code de devise | devise | moneda"
    " | código de moneda | valutacode | valuta",
)

METRICS_ALIASES: dict[str, Tiers] = {
    "date": (
        "date | day | Tag | Datum | jour | día | fecha | dag | by day | date day"
        " | gregorian date | stat time day | segments date | jour (date) | report date",
        "Reporting starts | Berichtsstart | Auswertungsbeginn | Start der Berichterstattung"
        " | début des rapports | inicio del informe | Start rapportage | begin rapportage"
        " | start date (in UTC) | start date | time period | date start",
    ),
    "period_end": (
        "Reporting ends | Berichtsende | Auswertungsende | Ende der Berichterstattung"
        " | fin des rapports | fin del informe | Einde rapportage | end date (in UTC) | end date"
        " | date stop",
    ),
    "channel": (
        "channel | Kanal | canal | kanaal | marketing channel | ad channel",
        "Session default channel group | Session primary channel group | default channel group"
        " | Standardchannelgruppe der Sitzung | Sitzung – Standardchannelgruppe"
        " | groupe de canaux par défaut de la session | default channel grouping"
        " | Grupo de canales predeterminado de la sesión | Standaardkanaalgroep voor sessie",
        "platform | ad platform | media source | Plattform | plateforme | plataforma",
    ),
    "campaign_id": _CAMPAIGN_ID,
    "campaign": _CAMPAIGN,
    "spend": (
        "spend | cost | amount spent | ad spend | total spent | total spend | costs | Kosten"
        " | Ausgegebener Betrag | Ausgaben | Werbeausgaben | coût | montant dépensé | dépenses"
        " | coste | costo | importe gastado | gasto | besteed bedrag | uitgaven",
        "advertiser ad cost | Google Ads cost | ads cost | total cost | non organic cost",
    ),
    "impressions": (
        "impressions | impr. | impression | Impressionen | impresiones | impr | vertoningen"
        " | vert. | weergaven",
        "ads impressions | Google Ads impressions | total impressions",
    ),
    "clicks": (
        "clicks | Klicks | clics | klikken | kliks",
        "link clicks | Link-Klicks | clics sur un lien | clics sur le lien | clics en el enlace"
        " | klikken op links | linkkliks | clicks (destination)",
        "clicks (all) | Klicks (alle) | clics (tous) | clics (todos) | klikken (alle)"
        " | ads clicks | Google Ads clicks | total clicks",
    ),
    "conversions": (
        "conversions | conv. | Konversionen | conversiones | conversies | conversion",
        "results | Ergebnisse | résultats | resultados | resultaten",
        "key events | Schlüsselereignisse | événements clés | eventos clave"
        " | belangrijke gebeurtenissen",
        "purchases | website purchases | Käufe | Website-Käufe | achats | achats sur le site web"
        " | compras | compras en el sitio web | aankopen | websiteaankopen | leads"
        " | Bestellungen | orders | transactions",
        "all conv. | all conversions | alle Conversions",
    ),
    "revenue": (
        "revenue | Umsatz | conv. value | conversion value | total conversion value | Conv.-Wert"
        " | Conversion-Wert | valeur de conv. | valeur de conversion | chiffre d'affaires"
        " | valor de conv. | valor de conversión | ingresos | conv.waarde | conversiewaarde"
        " | omzet | sales | Erlös | Einnahmen | revenus",
        "purchases conversion value | purchase conversion value | Conversion-Wert von Käufen"
        " | Conversion-Wert für Käufe | valeur de conversion des achats"
        " | valor de conversión de compras | conversiewaarde van aankopen | total purchase value",
        "website purchases conversion value | total complete payment value",
        "total revenue | Gesamtumsatz | revenu total | ingresos totales | totale opbrengst",
        "purchase revenue | ecommerce revenue | all conv. value | all conversion value",
    ),
    "currency": _CURRENCY,
}

CAMPAIGNS_ALIASES: dict[str, Tiers] = {
    "campaign_id": (*_CAMPAIGN_ID, "id"),
    "name": ("name", *_CAMPAIGN),
    "objective": (
        "objective | campaign objective | Ziel | Kampagnenziel | objectif | objetivo"
        " | doelstelling | goal",
        "campaign type | Kampagnentyp | type de campagne | tipo de campaña | campagnetype",
    ),
    "budget": (
        "budget | campaign budget | Kampagnenbudget | budget de la campagne | presupuesto"
        " | presupuesto de campaña | campagnebudget",
        "total budget | lifetime budget | Laufzeitbudget | Gesamtbudget",
    ),
    "start_date": (
        "start date | start | starts | campaign start date | Startdatum | Beginn | date de début"
        " | début | fecha de inicio | inicio | begindatum | begint op",
    ),
    "end_date": (
        "end date | end | ends | campaign end date | Enddatum | Ende | date de fin | fin"
        " | fecha de finalización | einddatum | eindigt op",
    ),
    "currency": _CURRENCY,
}

PLATFORM_MARKS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("meta", ("amount spent",)),
    ("meta", ("Ausgegebener Betrag",)),
    ("meta", ("montant dépensé",)),
    ("meta", ("importe gastado",)),
    ("meta", ("besteed bedrag",)),
    ("google_ads", ("cost", "impr.")),
    ("google_ads", ("Kosten", "Impr.")),
    ("google_ads", ("Kosten", "Währungscode")),
    ("google_ads", ("coût", "impr.")),
    ("google_ads", ("coste", "impr.")),
    ("google_ads", ("Kosten", "vert.")),
    ("google_ads", ("cost", "currency code")),
    ("microsoft_ads", ("spend", "impr.")),
    ("microsoft_ads", ("gregorian date",)),
    ("linkedin", ("total spent",)),
    ("tiktok", ("stat time day",)),
    ("tiktok", ("cost", "clicks (destination)")),
)
"""Columns that only one platform's export has together: they stand in for a channel column."""

CURRENCY_SIGNS: dict[str, str] = {
    "€": "EUR", "£": "GBP", "₹": "INR", "₺": "TRY", "₴": "UAH", "₪": "ILS", "₩": "KRW",
    "₫": "VND", "฿": "THB", "₱": "PHP", "₽": "RUB", "zł": "PLN", "Kč": "CZK", "Ft": "HUF",
    "US$": "USD", "CA$": "CAD", "A$": "AUD", "AU$": "AUD", "NZ$": "NZD", "R$": "BRL", "HK$": "HKD",
    "MX$": "MXN", "S$": "SGD",
    # Several currencies share these.
    "$": "USD CAD AUD NZD HKD SGD TWD MXN ARS CLP COP UYU DOP BSD BBD BZD BMD BND FJD GYD JMD KYD "
         "LRD NAD SBD SRD TTD XCD",
    "¥": "JPY CNY", "kr": "SEK NOK DKK ISK", "kr.": "SEK NOK DKK ISK",
}  # fmt: skip

CURRENCY_CODES = (
    "EUR USD GBP CHF SEK NOK DKK PLN CZK HUF RON BGN TRY UAH RUB ILS AED SAR EGP ZAR NGN KES "
    "INR PKR BDT LKR CNY HKD TWD JPY KRW SGD MYR IDR THB VND PHP AUD NZD CAD MXN BRL ARS CLP "
    "COP PEN ISK"
)
