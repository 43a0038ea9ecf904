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
