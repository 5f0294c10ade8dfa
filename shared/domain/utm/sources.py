"""Which sources are search, social, video or shopping sites to Google Analytics 4.

Google publishes the list as an attachment of "Default channel group",
https://support.google.com/analytics/answer/9756891. These are its 819 sources, transcribed from a
public copy; the attachment had as many on 19 September 2026. `name*` stands for `name` and
`name.com`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

Category = Literal["search", "social", "video", "shopping"]

_YAHOO = (
    "ar at au br ca ch cl co de dk es espanol fi fr hk id in it malaysia mx nl no nz pe ph pl se "
    "sg th tr tw uk us vn"
)
_PINTEREST = "ar br co cz hu id in nl pl tr za"
_SEARCH = """
360.cn alice aol ask auone avg babylon baidu biglobe biglobe.co.jp biglobe.ne.jp bing centrum.cz
cn.bing.com cnn comcast conduit cse.google.com daum daum.net dogpile* duckduckgo ecosia.org
email.seznam.cz eniro exalead.com excite.com firmy.cz globo go.mail.ru google google-play google.com
googlemybusiness incredimail kvasir lite.qwant.com lycos m.baidu.com m.naver.com m.search.naver.com
m.sogou.com mail.google.com mail.rambler.ru mail.yandex.ru msn* najdi naver* news.google.com
ntp.msn.com onet onet.pl qwant* rakuten rakuten.co.jp rambler rambler.ru search-results
search.aol.co.uk search.aol.com search.google.com search.smt.docomo.ne.jp search.ukr.net
secureurl.ukr.net seznam seznam.cz so.com sogou* sp-web.search.auone.jp startsiden startsiden.no
suche.aol.de terra tut.by ukr virgilio wap.sogou.com webmaster.yandex.ru websearch.rakuten.co.jp
yahoo* yahoo.co.jp yandex* yandex.by yandex.com.tr yandex.fr yandex.kz yandex.ru yandex.ua yandex.uz
zen.yandex.ru
"""
_VIDEO = """
blog.twitch.tv crackle* curiositystream* d.tube dailymotion* dashboard.twitch.tv disneyplus*
fast.wistia.net help.hulu.com help.netflix.com hulu* id.twitch.tv iq.com iqiyi* jobs.netflix.com
justin.tv m.twitch.tv m.youtube.com music.youtube.com netflix* player.twitch.tv player.vimeo.com
ted* twitch twitch.tv utreon* veoh* viadeo.journaldunet.com vimeo* wistia* youku* youtube*
"""
_SHOPPING = """
igshopping aax-us-east.amazon-adsystem.com aax.amazon-adsystem.com alibaba* amazon* amazon.co.uk
apps.shopify.com checkout.shopify.com checkout.stripe.com cr.shopping.naver.com
cr2.shopping.naver.com ebay* ebay.co.uk ebay.com.au ebay.de etsy* m.alibaba.com m.shopping.naver.com
mercadolibre* mercadolibre.com.ar mercadolibre.com.mx message.alibaba.com
msearch.shopping.naver.com nl.shopping.net no.shopping.net offer.alibaba.com one.walmart.com
order.shopping.yahoo.co.jp partners.shopify.com s3.amazonaws.com se.shopping.net shop.app shopify*
shopping.naver.com shopping.yahoo.co.jp shopping.yahoo.com shopzilla* simplycodes.com
store.shopping.yahoo.co.jp stripe* uk.shopping.net walmart*
"""
_SOCIAL = """
43things* 51.com 5ch.net hatena imageshack academia.edu activerain* activeworlds* addthis* airg.ca
allnurses.com allrecipes.com alumniclass* ameba.jp ameblo.jp americantowns* amp.reddit.com
ancestry.com anobii* answerbag* answers.yahoo.com aolanswers* apps.facebook.com artstation.com
askubuntu* asmallworld.com athlinks* away.vk.com awe.sm b.hatena.ne.jp baby-gaga* babyblog.ru badoo*
bebo* beforeitsnews* bharatstudent* biip.no biswap.org bit.ly blackcareernetwork.com blackplanet*
blip.fm blog.com blog.feedspot.com blog.goo.ne.jp blog.naver.com blog.yahoo.co.jp blogg.no
bloggang.com blogger* blogher* bloglines* blogs.com blogsome* blogspot* blogster* blurtit*
bookmarks.yahoo.co.jp bookmarks.yahoo.com brightkite* brizzly* business.facebook.com buzzfeed*
buzznet* cafe.naver.com cafemom* camospace* canalblog.com care.com care2* caringbridge.org catster*
cbnt.io cellufun* centerblog.net chat.zalo.me chegg.com chicagonow* chiebukuro.yahoo.co.jp
classmates* classquest* cocolog-nifty* copainsdavant.linternaute.com couchsurfing.org cozycot*
cross.tv crunchyroll* cyworld* d.hatena.ne.jp dailystrength.org deluxe.com deviantart* dianping*
digg* diigo* discover.hubpages.com disqus* dogster* dol2day* doostang* dopplr* douban*
draft.blogger.com draugiem.lv drugs-forum* dzone* edublogs.org elftown* epicurious.com everforo.com
exblog.jp extole* facebook* faceparty* fandom.com fanpop* fark* fb fb.me fc2* feedspot feministing*
filmaffinity* flickr* flipboard* folkdirect* foodservice* forums.androidcentral.com
forums.crackberry.com forums.imore.com forums.nexopia.com forums.webosnation.com
forums.wpcentral.com fotki* fotolog* foursquare* free.facebook.com friendfeed* fruehstueckstreff.org
fubar* gaiaonline* gamerdna* gather.com geni.com getpocket.com glassboard* glassdoor* godtube*
goldenline.pl goldstar* goo.gl gooblog goodreads* google+ googlegroups.com googleplus govloop*
gowalla* gree.jp groups.google.com gulli.com gutefrage.net habbo* hi5* hootsuite* houzz* hoverspot*
hr.com hubculture* hubpages.com hyves.net hyves.nl ibibo* identi.ca ig imageshack.com imageshack.us
imvu* insanejournal* instagram* instapaper* internations.org interpals.net intherooms*
irc-galleria.net is.gd italki* jammerdirect* jappy.com jappy.de kaboodle.com kakao* kakaocorp.com
kaneva* kin.naver.com l.facebook.com l.instagram.com l.messenger.com last.fm librarything*
lifestream.aol.com line line.me linkedin* listal* listography* livedoor.com livedoorblog
livejournal* lm.facebook.com lnkd.in m.blog.naver.com m.cafe.naver.com m.facebook.com
m.kin.naver.com m.vk.com m.yelp.com mbga.jp medium.com meetin.org meetup*
meinvz.net meneame.net menuism.com
messages.google.com messages.yahoo.co.jp messenger* mix.com mixi.jp mobile.facebook.com mocospace*
mouthshut* movabletype* mubi* my.opera.com myanimelist.net myheritage* mylife* mymodernmet* myspace*
netvibes* news.ycombinator.com newsshowcase nexopia ngopost.org niconico nicovideo.jp
nightlifelink* ning* odnoklassniki.ru odnoklassniki.ua okwave.jp old.reddit.com oneworldgroup.org
onstartups* opendiary* oshiete.goo.ne.jp out.reddit.com over-blog.com overblog.com paper.li
partyflock.nl photobucket* pinboard pinboard.in pingsta* pinterest* pinterest.at pinterest.ca
pinterest.ch pinterest.cl pinterest.co.kr pinterest.co.uk pinterest.com.au pinterest.com.mx
pinterest.de pinterest.es pinterest.fr pinterest.it pinterest.jp pinterest.nz pinterest.ph
pinterest.pt pinterest.ru pinterest.se pixiv.net playahead.se plurk* plus.google.com
plus.url.google.com pocket.co posterous* pro.homeadvisor.com pulse.yahoo.com qapacity* quechup*
quora* qzone.qq.com ravelry* reddit* redux* renren* researchgate.net reunion* reverbnation* rtl.de
ryze* salespider* scoop.it screenrant* scribd* scvngr* secondlife* serverfault* shareit sharethis*
shvoong.com sites.google.com skype skyrock* slashdot.org slideshare.net smartnews.com snapchat*
sociallife.com.br socialvibe* spaces.live.com spoke* spruz* ssense.com stackapps* stackexchange*
stackoverflow* stardoll.com stickam* studivz.net suomi24.fi superuser* sweeva* t.co t.me tagged*
taggedmail* talkbiznow* taringa.net techmeme* tencent* tiktok* tinyurl* toolbox* touch.facebook.com
travellerspoint* tripadvisor* trombi* tudou* tuenti* tumblr* tweetdeck* twitter* twoo.com typepad*
unblog.fr urbanspoon.com ushareit.com ushi.cn vampirefreaks* vampirerave* vg.no video.ibm.com vk.com
vkontakte.ru wakoopa* wattpad* web.facebook.com web.skype.com webshots* wechat* weebly* weibo*
wer-weiss-was.de weread* whatsapp* wiki.answers.com wikihow.com wikitravel.org woot.com wordpress*
wordpress.org xanga* xing* yahoo-mbga.jp yammer* yelp* yelp.co.uk youroom.in zalo zoo.gr zooppa*
"""


def _names(text: str) -> Iterator[str]:
    for word in text.split():
        name = word.removesuffix("*")
        yield name
        if word != name:
            yield f"{name}.com"


SOURCES: dict[Category, frozenset[str]] = {
    "search": frozenset(_names(_SEARCH)) | {f"{c}.search.yahoo.com" for c in _YAHOO.split()},
    "social": frozenset(_names(_SOCIAL)) | {f"{c}.pinterest.com" for c in _PINTEREST.split()},
    "video": frozenset(_names(_VIDEO)),
    "shopping": frozenset(_names(_SHOPPING)) | {"google shopping"},
}
CATEGORY_OF: dict[str, Category] = {n: c for c, names in SOURCES.items() for n in names}

AI_ASSISTANTS = frozenset(
    (
        "chatgpt.com",
        "chat.openai.com",
        "claude.ai",
        "gemini.google.com",
        "copilot.microsoft.com",
        "perplexity.ai",
        "chat.deepseek.com",
        "grok.com",
        "meta.ai",
        "chat.mistral.ai",
    )
)
"""Hosts of assistants whose visits Google Analytics gives the medium `ai-assistant`.

Google names ChatGPT, Gemini and Claude and publishes no list
(https://support.google.com/analytics/answer/9164320#05132026, 13 May 2026); the others are ours.
"""
