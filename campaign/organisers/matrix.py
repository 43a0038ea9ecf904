"""Who may open which page: every route of the application, by hand, in one place. What does not stand here opens for nobody.

This is about kinds of people. Whether an object is theirs (their organisation's, their bundle) is asked where it is looked up.
"""

ANYBODY = "anybody"
"""No login: supporters, and whoever reads."""

MATRIX: dict[str, str] = {
    # What everybody reads
    "assets.file": ANYBODY,
    "assets.robots": ANYBODY,
    "overview.case": ANYBODY,
    "overview.cloth_file": ANYBODY,
    "overview.country": ANYBODY,
    "overview.drive": ANYBODY,
    "overview.good_news": ANYBODY,
    "overview.health": ANYBODY,
    "overview.home": ANYBODY,
    "overview.organisation": ANYBODY,
    "overview.privacy": ANYBODY,
    "photos.file": ANYBODY,
    "reports.report": ANYBODY,
    "reports.thanks": ANYBODY,
    "overview.toolkit": ANYBODY,
    "overview.toolkit_file": ANYBODY,
    "openletters.all_letters": ANYBODY,
    "openletters.letter": ANYBODY,
    # What supporters do; the links of their mails prove who they are
    "letters.close": ANYBODY,
    "letters.confirm": ANYBODY,
    "letters.posted": ANYBODY,
    "letters.resend": ANYBODY,
    "letters.sent": ANYBODY,
    "letters.sheet": ANYBODY,
    "letters.sheet_file": ANYBODY,
    "letters.track": ANYBODY,
    "letters.track_file": ANYBODY,
    "letters.withdraw": ANYBODY,
    "letters.write": ANYBODY,
    "petitions.confirm": ANYBODY,
    "petitions.sign": ANYBODY,
    "petitions.thanks": ANYBODY,
    "petitions.withdraw": ANYBODY,
    # The door of the desk
    "organisers.login": ANYBODY,
    "organisers.code": ANYBODY,  # whose password was right; else it leads to the login
    "organisers.enrol": ANYBODY,  # the same, while there is no second factor
    "people.accept": ANYBODY,  # the link of the invitation proves who they are
    "organisers.logout": "admin organiser reviewer translator volunteer",
    # One's own account
    "account.again": "admin organiser reviewer translator volunteer",
    "account.end": "admin organiser reviewer translator volunteer",
    "account.end_all": "admin organiser reviewer translator volunteer",
    "account.mine": "admin organiser reviewer translator volunteer",
    "account.name": "admin organiser reviewer translator volunteer",
    "account.recovery_codes": "admin organiser reviewer translator volunteer",
    # Who comes to the desk
    "people.invitations_page": "admin",
    "people.withdraw": "admin",
    # The desk
    "desk.today": "admin organiser reviewer",
    "desk.decide_delivery": "admin organiser",
    "desk.decide_letter": "admin organiser",
    "desk.decide_mail": "admin organiser",
    "desk.move_appeal": "admin organiser",
    "desk.requeue_letter": "admin organiser",
    "desk.resume_case": "admin organiser reviewer",
    "desk.stop_case": "admin organiser reviewer",
    # Organisations
    "organisations.all_of_them": "admin organiser reviewer",
    "organisations.make": "admin",
    "organisations.edit": "admin organiser",
    "organisations.second_person": "admin organiser",
    # Launches
    "appeals.launch": "admin organiser",
    "appeals.launches": "admin organiser",
    "appeals.leave": "admin organiser",
    "appeals.new": "admin organiser",
    "appeals.words": "admin organiser",
    # Accounts and the trail
    "accounts.everybody": "admin",
    "accounts.one": "admin",
    "accounts.give": "admin",
    "accounts.take": "admin",
    "accounts.end_sessions": "admin",
    "trail.search": "admin",
    "trail.export": "admin",
    # What needs two people
    "approvals.waiting": "admin organiser reviewer",
    "approvals.one": "admin organiser reviewer",
    "approvals.decide": "admin organiser reviewer",
    # Cases
    "desk.preview_case": "admin organiser",
    "cases.all_cases": "admin organiser reviewer translator",
    "cases.edit": "admin organiser",
    "cases.new": "admin organiser",
    "cases.show": "admin organiser reviewer translator",
    "photographs.add": "admin organiser",
    "photographs.look": "admin organiser",
    "photographs.remove": "admin organiser",
    "reporting.answer": "admin organiser reviewer",
    "reporting.read": "admin organiser reviewer",
    "publishing.add_consent": "admin organiser",
    "publishing.checked": "admin organiser",
    "publishing.choose_basis": "admin organiser",
    "publishing.evidence": "admin organiser",
    "publishing.hide": "admin organiser",
    "publishing.publish": "admin organiser",
    "publishing.read_consent": "admin organiser",
    "publishing.withdraw_consent": "admin organiser",
    # The directory of offices
    "offices.directory": "admin organiser reviewer",
    "offices.one": "admin organiser reviewer",
    "offices.past": "admin organiser reviewer",
    "offices.make": "admin organiser",
    "offices.edit": "admin organiser",
    "offices.verify": "admin organiser reviewer",
    "offices.doubt": "admin organiser reviewer",
    "office_files.export": "admin organiser",
    "office_files.take_in": "admin organiser",
    # Drives
    "drives.all_drives": "admin organiser reviewer",
    "drives.clone": "admin organiser",
    "drives.discard": "admin organiser",
    "drives.edit": "admin organiser",
    "drives.move": "admin organiser",
    "drives.new": "admin organiser",
    # The print room
    "printing.bundle": "admin organiser volunteer",
    "printing.bundles": "admin organiser volunteer",
    "printing.file": "admin organiser volunteer",
    "printing.posted": "admin organiser volunteer",
    "printing.return_all": "admin organiser volunteer",
    "printing.return_batch": "admin organiser volunteer",
    "printing.return_letter": "admin organiser volunteer",
    "printing.return_stopped": "admin organiser volunteer",
}


UPLOADS: dict[str, int] = {
    "office_files.take_in": 2 * 1024 * 1024,
    "photographs.add": 10 * 1024 * 1024,
    "publishing.add_consent": 10 * 1024 * 1024,
}
"""The routes that take a file, and the most bytes of it. On every other route a form with a file in it is refused before it is read."""


def roles_for(endpoint: str) -> frozenset[str]:
    """The roles that may open a route; `anybody` alone where no login is needed, none where it does not stand in the matrix."""
    return frozenset(MATRIX.get(endpoint, "").split())
