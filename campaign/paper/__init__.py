"""Letters, books of names and sheets for an evening as PDF: envelope profiles, fonts and typesetting; knows no batch and no person."""

from campaign.paper.address import AddressDoesNotFit, check_address
from campaign.paper.letter import letters_pdf, room, self_print_pdf
from campaign.paper.names import NameLine, NamesBook, names_pdf
from campaign.paper.profiles import DIN5008_B, Profile
from campaign.paper.sheet import CoverSheet, LetterSheet, Room
from campaign.paper.toolkit import AddressSheet, CardSheet, Code, CodesSheet, Event, SampleSheet, Sheet, StepsSheet, Toolkit, toolkit_pdf
from campaign.paper.typeset import MissingGlyph, TooLong, TypesettingStopped

__all__ = [
    "DIN5008_B",
    "AddressDoesNotFit",
    "AddressSheet",
    "CardSheet",
    "Code",
    "CodesSheet",
    "CoverSheet",
    "Event",
    "LetterSheet",
    "MissingGlyph",
    "NameLine",
    "NamesBook",
    "Profile",
    "Room",
    "SampleSheet",
    "Sheet",
    "StepsSheet",
    "TooLong",
    "Toolkit",
    "TypesettingStopped",
    "check_address",
    "letters_pdf",
    "names_pdf",
    "room",
    "self_print_pdf",
    "toolkit_pdf",
]
