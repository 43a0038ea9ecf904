"""The words of the toolkit's sheets in each language it is offered in. They are the sheet's, not the page's: no reader's language changes them."""

from typing import NamedTuple

from campaign.cases.words import DEMAND_WORDS, STATUS_WORDS
from campaign.text import speaking


class Words(NamedTuple):
    """One language's. In braces: what is filled in."""

    title: str  # {name}, {drive}
    page: str
    facts: str  # {day}
    roles: str
    country: str
    status: str
    held: str
    held_for: str  # {days}, {news}
    news: str
    asks_title: str
    asks: str  # {demands}
    and_: str
    events_title: str
    source: str  # {publisher}
    read: str
    spoken: str  # {address}
    letters_title: str  # {name}
    letters_lead: str
    message_title: str  # {name}
    message_lead: str
    message_body: str
    rules_title: str
    signing: str
    addresses_title: str
    addresses_lead: str
    collected: str
    codes_title: str  # {name}
    codes_lead: str
    until: str  # {day}
    how_title: str
    how_lead: str
    letter_title: str
    letter_steps: tuple[str, ...]
    evening_title: str
    evening_steps: tuple[str, ...]
    statuses: dict[str, str]
    demands: dict[str, str]  # each goes on from `asks`


ENGLISH = Words(
    title="{name}: sheets for an evening of letters ({drive})",
    page="{n} / {m}",
    facts="Facts last checked on {day}",
    roles="Who",
    country="Country",
    status="Status",
    held="Held",
    held_for="for at least {days} days, by news of {news}",
    news="By news of",
    asks_title="What is asked",
    asks="We ask {demands}.",
    and_=" and ",
    events_title="What happened",
    source="Source: {publisher}",
    read="Read the case, and see whether anything changed",
    spoken="A code for a phone that leads to {address}",
    letters_title="A letter for {name}",
    letters_lead="To start from. Use your own words where you can, state nothing that is not on the case card, and ask for nothing else.",
    message_title="A message to {name}",
    message_lead="Warm words in your own hand: about your day, a walk, a drawing. It goes to where messages are collected.",
    message_body="(Your own words.)",
    rules_title="Please keep to this",
    signing="Your name, as you wish to be seen",
    addresses_title="Where letters go",
    addresses_lead="Copy the lines as they stand. The last one is the country alone, in the language of the country you post "
    "from; if you post within it, leave that line out.",
    collected="Messages to {name} are collected here",
    codes_title="Write or sign for {name}",
    codes_lead="Point a phone's camera at a code. Each page works without an account.",
    until="Act before the end of {day}",
    how_title="How to do it",
    how_lead="A letter takes half an hour. An evening of letters takes two hours and a table.",
    letter_title="How to write a good letter",
    letter_steps=(
        "Keep it to one page, by hand or on a machine.",
        "Say in one sentence who you are. Tell no more about yourself than you would tell a stranger.",
        "Say about whom you write and what happened, with the dates of the case card. State nothing that is not on it.",
        "Ask for what the case card asks, and for nothing else.",
        "Stay polite, whatever you feel. No insult, no threat, no politics: a rude letter can harm the person it is for.",
        "Begin with the salutation of the sample letter, and copy the address from the address list.",
        "Close with thanks and a line that invites an answer.",
        (
            "If you or somebody close to you lives in the country you write to, or travels there, think before you give "
            "your name; the letter counts without an address of yours too."
        ),
    ),
    evening_title="How to run an evening",
    evening_steps=(
        "Choose a place with tables and good light: a library, a school, a kitchen. Ten people are plenty.",
        (
            "On the day before, open the page of the case by its code. If it says that actions are stopped, write no "
            "letters. If the facts were checked on a newer day, print these sheets anew."
        ),
        "Print the case card and the sample letters once for every two people, and one address list. Bring pens, paper, envelopes and stamps.",
        "Begin with the case card: read it aloud. Five minutes are enough.",
        "Write for an hour. Nobody has to show a letter to anybody.",
        "Leave faces, names and letters out of photographs unless everybody in them agreed. Keep no list of who came.",
        "Post the letters the next day, and tell whoever carries the drive how many there were, by office.",
    ),
    statuses={},
    demands={},
)
# The Russian is this project's own, as that of the sample is: let a reader of the language check it.
RUSSIAN = Words(
    title="{name}: листы для вечера писем ({drive})",
    page="{n} / {m}",
    facts="Факты проверены в последний раз: {day}",
    roles="Кто",
    country="Страна",
    status="Положение",
    held="Дней лишения свободы",
    held_for="не менее {days}, по сведениям на {news}",
    news="По сведениям на",
    asks_title="Чего мы просим",
    asks="Мы просим {demands}.",
    and_=" и ",
    events_title="Что произошло",
    source="Источник: {publisher}",
    read="Прочитайте о деле и узнайте, не изменилось ли что-нибудь",
    spoken="Код для телефона, ведёт на {address}",
    letters_title="Письмо. Дело: {name}",
    letters_lead="Отсюда можно начать. По возможности пишите своими словами, не утверждайте ничего, чего нет на карточке дела, и не просите ни о чём другом.",
    message_title="Слова поддержки. Кому: {name}",
    message_lead="Тёплые слова от руки: о вашем дне, о прогулке, рисунок. Письмо отправляется туда, где собирают такие послания.",
    message_body="(Ваши собственные слова.)",
    rules_title="Пожалуйста, соблюдайте это",
    signing="Ваше имя так, как Вы хотите его указать",
    addresses_title="Куда отправлять письма",
    addresses_lead="Перепишите строки как есть. Последняя строка — только страна, на языке той страны, откуда Вы отправляете "
    "письмо; если Вы отправляете его внутри этой страны, строка не нужна.",
    collected="Здесь собирают послания. Кому: {name}",
    codes_title="Напишите или подпишите. Дело: {name}",
    codes_lead="Наведите камеру телефона на код. Страницы открываются без регистрации.",
    until="Срок: до конца дня {day}",
    how_title="Как это сделать",
    how_lead="На письмо нужно полчаса. На вечер писем — два часа и стол.",
    letter_title="Как написать хорошее письмо",
    letter_steps=(
        "Не больше одной страницы, от руки или на компьютере.",
        "Одной фразой скажите, кто Вы. Не рассказывайте о себе больше, чем рассказали бы незнакомому человеку.",
        "Скажите, о ком Вы пишете и что произошло, с датами с карточки дела. Не утверждайте ничего, чего на ней нет.",
        "Просите о том, о чём просит карточка дела, и ни о чём другом.",
        "Будьте вежливы, что бы Вы ни чувствовали. Без оскорблений, угроз и политики: грубое письмо может повредить тому, за кого Вы пишете.",
        "Начните с обращения из образца письма, адрес перепишите из списка адресов.",
        "В конце поблагодарите и попросите об ответе.",
        "Если Вы или кто-то из Ваших близких живёт в стране, куда Вы пишете, или ездит туда, подумайте, прежде чем называть себя; письмо важно и без Вашего адреса.",
    ),
    evening_title="Как провести вечер писем",
    evening_steps=(
        "Выберите место со столами и хорошим светом: библиотеку, школу, кухню. Десяти человек вполне достаточно.",
        (
            "Накануне откройте по коду страницу дела. Если там сказано, что действия остановлены, не пишите писем. Если "
            "факты проверены позже, распечатайте эти листы заново."
        ),
        "Распечатайте карточку дела и образцы писем — по одному комплекту на двоих — и один список адресов. Возьмите ручки, бумагу, конверты и марки.",
        "Начните с карточки дела: прочитайте её вслух. Пяти минут достаточно.",
        "Пишите около часа. Никто не обязан показывать своё письмо.",
        "Не снимайте лица, имена и письма, если не согласились все, кто в кадре. Не ведите списка пришедших.",
        "На следующий день отправьте письма и сообщите тем, кто проводит кампанию, сколько их было и в какие ведомства.",
    ),
    statuses={
        "imprisoned": "В заключении",
        "pre_trial_detention": "Под стражей до суда",
        "house_arrest": "Под домашним арестом",
        "on_trial": "Под судом",
        "psychiatric_detention": "Принудительно содержится в психиатрическом учреждении",
        "travel_ban": "Запрет на выезд",
        "restricted_freedom": "Свобода ограничена",
        "probation": "На пробации",
        "pardoned": "Помилование",
        "acquitted": "Оправдательный приговор",
        "released": "На свободе",
        "died_in_custody": "Смерть в заключении",
    },
    demands={
        "release": "освобождения",
        "quash_conviction": "отмены приговора",
        "drop_charges": "снятия обвинений",
        "medical_care": "медицинской помощи",
        "end_harassment": "прекращения преследования",
        "lift_travel_ban": "снятия запрета на выезд",
        "lift_probation": "отмены пробации",
        "investigate_death": "расследования обстоятельств смерти",
    },
)
WORDS = {"en": ENGLISH, "ru": RUSSIAN}


def status_word(status: str, language: str) -> str:
    """What a status is called on a sheet."""
    with speaking(language):
        return WORDS[language].statuses.get(status) or str(STATUS_WORDS[status])


def demand_words(demands: tuple[str, ...], language: str) -> str:
    """Demands as one phrase: `for release and for medical care`."""
    said = WORDS[language]
    with speaking(language):
        each = [said.demands.get(one) or str(DEMAND_WORDS[one]) for one in demands]
    return said.and_.join([", ".join(each[:-1]), each[-1]]) if len(each) > 1 else "".join(each)
