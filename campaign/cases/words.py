"""What the words of a case's file are called on a page, in the reader's language."""

from campaign.text import lazy

STATUS_WORDS = {
    "imprisoned": lazy("In prison"),
    "pre_trial_detention": lazy("In custody, awaiting trial"),
    "house_arrest": lazy("Under house arrest"),
    "on_trial": lazy("On trial"),
    "psychiatric_detention": lazy("Held in psychiatric detention"),
    "travel_ban": lazy("Barred from travelling"),
    "restricted_freedom": lazy("Freedom restricted"),
    "probation": lazy("On probation"),
    "pardoned": lazy("Pardoned"),
    "acquitted": lazy("Acquitted"),
    "released": lazy("Released"),
    "died_in_custody": lazy("Died in custody"),
}

DEMAND_WORDS = {  # each goes on from “We ask”
    "release": lazy("for release"),
    "quash_conviction": lazy("for the conviction to be quashed"),
    "drop_charges": lazy("for the charges to be dropped"),
    "medical_care": lazy("for medical care"),
    "end_harassment": lazy("for an end to the harassment"),
    "lift_travel_ban": lazy("for the travel ban to be lifted"),
    "lift_probation": lazy("for the probation to be lifted"),
    "investigate_death": lazy("for an investigation into the death"),
}

ENTRY_WORDS = {
    "arrest": lazy("Arrest"),
    "charge": lazy("Charge"),
    "trial": lazy("Trial"),
    "sentence": lazy("Sentence"),
    "appeal": lazy("Appeal"),
    "ruling": lazy("Ruling"),
    "detention": lazy("Detention"),
    "pardon": lazy("Pardon"),
    "acquittal": lazy("Acquittal"),
    "release": lazy("Release"),
    "death": lazy("Death"),
}

NATIVE_LANGUAGES = {"KZ": "kk", "KG": "ky", "TJ": "tg", "TM": "tk", "UZ": "uz"}
"""The language in which a name is written at home, for the `lang` attribute; another country's is not told."""

PRONOUN_WORDS = {"she": lazy("she"), "he": lazy("he"), "they": lazy("they")}

CONFIDENCE_WORDS = {
    "high": lazy("Sources agree, and the newest is not old"),
    "medium": lazy("The newest source is older, or the case was still moving"),
    "low": lazy("No newer news, and a reason to doubt"),
}

PUBLICATION_WORDS = {"draft": lazy("Draft"), "public": lazy("Public"), "hidden": lazy("Hidden")}

FIELD_WORDS = {  # what a part of a case's file is called where two versions are compared, and in the trail
    "organisation": lazy("Whose case it is"),
    "name": lazy("Name in Latin letters"),
    "native_name": lazy("Name as it is written at home"),
    "native_language": lazy("Language of the name at home"),
    "names": lazy("Other spellings"),
    "pronoun": lazy("Pronoun"),
    "country": lazy("Country"),
    "status": lazy("Status"),
    "as_of": lazy("By news of"),
    "held_since": lazy("First day of the present detention"),
    "confidence": lazy("How sure is the status"),
    "demands": lazy("What is asked for"),
    "texts": lazy("Roles and notes"),
    "sources": lazy("Sources"),
    "timeline": lazy("Timeline"),
}

WRONG_WORDS = {  # what a field wants, by its name in campaign.cases.facts
    "slug": lazy("The address of the page: small letters, digits and single hyphens, such as test-person."),
    "name": lazy("Every name on one line of at most 500 characters; the one in Latin letters is needed."),
    "native_name": lazy("The name as it is written at home, on one line of at most 500 characters."),
    "language": lazy("A language is a code such as en, ru or tg."),
    "native_language": lazy("A language is a code such as en, ru or tg."),
    "country": lazy("Choose the country."),
    "pronoun": lazy("Choose a pronoun, or none."),
    "status": lazy("Choose the status."),
    "as_of": lazy("“By news of” needs a day, a month or a year: 2025-01-10, 2025-01 or 2025."),
    "held_since": lazy("The first day of detention is a full day, 2025-01-10, or empty where no source gives it."),
    "held_and_free": lazy("With this status nobody is held: leave the first day of detention empty."),
    "held_after_news": lazy("The first day of detention is after the newest news."),
    "confidence": lazy("Say how sure the status is."),
    "demands": lazy("Choose what is asked for from the list."),
    "roles": lazy("Say what the person is or did: at least one line in the first language, and as many in each other one, or none."),
    "note": lazy("A note stands on one line of at most 500 characters."),
    "sources": lazy("A case needs at least one source."),
    "title": lazy("Each source needs words for what was published, on one line."),
    "publisher": lazy("Each source needs the name of who published it."),
    "date": lazy("A date is a day, a month or a year: 2025-01-10, 2025-01 or 2025."),
    "url": lazy("The address of a page begins with https:// or http://."),
    "kind": lazy("Choose what kind of event it was."),
    "text": lazy("Each event needs words in the first language, on one line of at most 500 characters."),
    "source": lazy("Each event needs a source: choose one of those you entered."),
    "timeline": lazy("An event's words stand on one line of at most 500 characters."),
    "taken": lazy("Another case has this address. Choose another one."),
    "organisation": lazy("Choose one of your organisations."),
}

GIVER_WORDS = {"person": lazy("The person"), "family": lazy("The family"), "lawyer": lazy("A lawyer, for the person")}

COVER_WORDS = {"name": lazy("The name"), "story": lazy("The story"), "photo": lazy("A photograph"), "address": lazy("An address for messages")}

LACKS_WORDS = {
    "consent": lazy("It cannot be public yet: nobody agrees, today, that name and story are. Write down the consent first, or choose public sources as the basis."),
    "sources": lazy("It cannot be public yet: it names no source. Add one to its facts."),
}

REPORT_WORDS = {"mistake": lazy("A mistake on the page"), "removal": lazy("I am the person or the family: please take it away")}

NO_PHOTO_WORDS = {
    "unreadable": lazy("That is no picture that can be read. Choose a JPEG, PNG or WebP."),
    "large": lazy("That picture is too large: at most 10 MB and 40 megapixels. Make it smaller, then choose it again."),
}
