"""Words that a question may hold without meaning more by them: their loss changes no answer.

So no word that could be a name, a channel or a limit belongs here.
"""

from __future__ import annotations

STOP_WORDS = """
a an the of for in on at from to with within during is are was were be been being do does did done
has have had having i me my mine we us our ours you your it its that this these those they them
their there here please pls kindly can could would may might let tell show give gave get got
getting see know need want like find provide fetch pull calculate compute how when who whom out
off as so if ok okay hey hi hello dear aims thanks thank right current currently recent recently
lately really actually exactly roughly about approximately around ads ad advertising advertisement
advertisements marketing media online digital data value values amount cash whose whether money go
goes gone went come comes came coming put into through via using use used achieve achieved
achieves deliver delivered delivers drive drives drove driven driving bring brings brought
bringing produce produced produces generated generates generating account accounts accounted
company business side various respective respectively moment look looks looked looking bit quick
quickly question answer break breakdown view table format case terms period periods time times
dates attributable attributed happen happened happens receive received very much many quite sort
kind yet ran well people gives shows tells wants needs finds sees kept keep keeps say says said
means wonder wondering curious interested hear think believe check checking plz thx ty sure maybe
perhaps possible possibly exact precise precisely simply basically team boss client's myself
ourselves different bucks one ones umm um uh uhh hmm hm erm er eh ah oh thing stuff gimme lemme
gonna wanna asap fyi btw tbh imo lol haha hiya heya yo ya yeah yep too u ur greetings dunno love
cheers sorry urgent urgently mate folks guys everyone kindest dough quid still basis separately
blended belong belongs sry altogether
"""
STOP_PHRASES = """
you share | please share | share with | share me | share your | display the | display me | display
all | display our | gives us | makes sense | views of | mean by | overall picture | every single |
each other | how big | how large | how high | how low | break down | broken down | sign up | sum
up | add up | drill down | make up | made up | end up | ended up | which one | which ones | by far
| so much | at all | per cent | these days | at the moment | right now | of course | good morning
| good afternoon | good evening | in plain numbers | in plain english | in plain words | in simple
terms | in simple words | in a nutshell | in short | in brief | in numbers | no rush | thanks a
bunch | thanks a lot | thanks a million | thanks in advance | many thanks | thank you kindly |
have a nice day | have a great day | have a good one | if possible | if you can | when you can |
as well please | pretty please | real quick | right quick | w / | advertise on | advertised on |
to get it | to get that | to get there | just curious | of ours | to be exact | to be precise | or
so | in total terms | one more thing | by the way | as usual | good day | break that down | break
this down | break it down | break them down | break those down | narrow that down | in one number
| two things | three things | got a minute | have a minute | got a sec | got a second | quick q |
send me | send us | i guess | what i'm asking is | what im asking is | my question is | the
question is | how often | asking for a friend | be so kind | be so nice | so basically | or
something | or whatever | i don't get it | i dont get it | i do not get it | i don't understand |
i dont understand | i do not understand | i don't know | i dont know | not sure | i'm not sure |
no idea | not quite sure | if you don't mind | if you dont mind | i don't care
"""

PERIOD_WORDS = """
after ago before beginning between billion calendar coming complete couple current date day days
earlier early end entire ever far few following fortnight full half hundred inception last late
latest launch life lifetime mid middle million mom month months mtd next onwards past percent
period preceding previous prior qoq qtd quarter quarters rolling same several since start starting
this thousand through thru till to today tomorrow trailing until up upcoming week weekend weeks
whole wow wtd year years yesterday yoy ytd
"""
"""Words that period phrases are made of, for the spelling."""
