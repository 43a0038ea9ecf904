"""Who is invited to the desk: the admins' page, and the page that the link in the mail opens."""

import uuid
from contextlib import suppress

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from campaign.db import db, now_utc
from campaign.organisers import invitations, passwords, sessions
from campaign.organisers.forms import AcceptForm, ButtonForm, InviteForm
from campaign.organisers.models import Invitation
from campaign.security.tokens import TokenWrong
from campaign.text import lazy, reading_language

desk = Blueprint("people", __name__, url_prefix="/desk")
WHY = {
    passwords.PasswordShort: lazy("A password needs at least twelve characters. Four or five words that nobody would put together are easy to keep."),
    passwords.PasswordIsTheirs: lazy("Your name or address is in it: that is tried first. Choose words that have nothing to do with you."),
    passwords.PasswordKnown: lazy("It stands in lists of stolen passwords, or is made of such. Choose another: four or five words that nobody would put together."),
}


@desk.route("/invitations", methods=["GET", "POST"])
def invitations_page() -> ResponseReturnValue:
    """Invite somebody; see who has not answered yet."""
    form, status = InviteForm(), 200
    if request.method == "POST":
        if form.validate():
            given = {name: form.data[name] for name in ("email", "name", "role", "country")}
            invitations.invite(**given, by=sessions.me().id, link=_link, language=reading_language(), now=now_utc())
            return redirect(url_for("people.invitations_page"), 303)
        status = 400
    return render_template("organisers/invitations.html", form=form, waiting=invitations.waiting()), status


@desk.post("/invitations/<uuid:invitation_id>/withdraw")
def withdraw(invitation_id: uuid.UUID) -> ResponseReturnValue:
    """Make the link void."""
    if not ButtonForm().validate():
        abort(400)
    invitation = db.session.get(Invitation, invitation_id) or abort(404)
    with suppress(invitations.InvitationOver):  # it is over, as was wanted; the list says so
        invitations.withdraw(invitation, by=sessions.me().id, now=now_utc())
    return redirect(url_for("people.invitations_page"), 303)


@desk.route("/invitation/<token>", methods=["GET", "POST"])
def accept(token: str) -> ResponseReturnValue:
    """What the link in the mail opens: name and password, by a button. The second factor comes next."""
    try:
        invitation = invitations.find(token, now=now_utc())
    except TokenWrong:
        return render_template("organisers/invitation_over.html", over=False), 404
    except invitations.InvitationOver:
        return render_template("organisers/invitation_over.html", over=True), 410
    form, status = AcceptForm(name=invitation.name), 200
    if request.method == "POST":
        status = 400
        if form.validate():
            try:
                account = invitations.accept(invitation, name=form.name.data or "", password=form.password.data or "", now=now_utc())
                sessions.begin_half(account)
                return redirect(url_for("organisers.enrol"), 303)
            except passwords.PasswordWrong as fault:
                form.password.errors = [str(WHY[type(fault)])]
    return render_template("organisers/accept.html", form=form, invitation=invitation), status


def _link(token: str) -> str:
    return f"{current_app.settings.site_url}{url_for('people.accept', token=token)}"  # type: ignore[attr-defined]  # CampaignApp
