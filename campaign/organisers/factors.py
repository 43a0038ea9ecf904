"""The second factor: one-time codes of an app (RFC 6238), and recovery codes for the day on which the telephone is gone."""

import base64
import hmac
import secrets
from datetime import datetime

import pyotp
from sqlalchemy import delete, or_, select, update

from campaign.audit import service as audit
from campaign.db import db
from campaign.organisers.models import Account, RecoveryCode
from campaign.organisers.service import end_sessions
from campaign.security.keys import ring

STEP_SECONDS = 30
DRIFT_STEPS = 1
"""How many steps a telephone's clock may be fast or slow."""
DIGITS = 6
RECOVERY_CODES = 10
LONGEST_CODE = 40


class CodeWrong(Exception):
    """The code is none of this account's, it is over, or it was used before. Nobody is told which."""


def offer(account: Account) -> None:
    """A new secret for somebody who has no second factor yet. It is worth nothing until a code of it was typed."""
    if not account.enrolled:
        account.totp, account.totp_step = pyotp.random_base32(), None


def address_of(account: Account, *, site_name: str) -> str:
    """What the QR code says to the app: the secret, and what to call it."""
    return pyotp.TOTP(account.totp).provisioning_uri(name=account.email, issuer_name=site_name)


def enrol(account: Account, *, code: str, now: datetime) -> list[str]:
    """The app that holds the secret is the account's second factor from now on. Gives the recovery codes, to be shown once. Raises CodeWrong."""
    if account.enrolled or account.totp is None:
        raise CodeWrong
    _use_step(account, _plain(code), now)
    account.enrolled_at = now
    audit.record(by=account.id, action="account.second_factor_set", of=account.id, now=now)
    return new_recovery_codes(account, now=now)


def prove(account: Account, *, code: str, now: datetime) -> None:
    """Use up a code of the app, or a recovery code. Raises CodeWrong, after the same work for every wrong one."""
    plain = _plain(code)
    if not account.enrolled:
        raise CodeWrong
    if len(plain) == DIGITS and plain.isdecimal():
        _use_step(account, plain, now)
    else:
        _use_recovery(account, plain, now)


def remove(account: Account) -> None:
    """The telephone is gone: nothing of the second factor is worth anything any more, and every session ends."""
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))
    account.totp, account.totp_step, account.enrolled_at = None, None, None
    end_sessions(account)


def new_recovery_codes(account: Account, *, now: datetime) -> list[str]:
    """Ten new codes in the place of all older ones. Only their keyed hashes are kept: they are shown this once."""
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))
    codes = [base64.b32encode(secrets.token_bytes(10)).decode().lower() for _ in range(RECOVERY_CODES)]
    db.session.add_all(RecoveryCode(account_id=account.id, code_hash=_hash(account, _plain(code))) for code in codes)
    db.session.flush()
    audit.record(by=account.id, action="account.recovery_codes_made", of=account.id, now=now)
    return ["-".join(code[start : start + 4] for start in range(0, 16, 4)) for code in codes]


def recovery_codes_left(account: Account) -> int:
    """How many of the ten were not used yet."""
    return len(db.session.scalars(select(RecoveryCode.id).where(RecoveryCode.account_id == account.id, RecoveryCode.used_at.is_(None))).all())


def step_at(now: datetime) -> int:
    """The time step of an instant (RFC 6238: 30 seconds each, since 1970)."""
    return int(now.timestamp()) // STEP_SECONDS


def code_now(account: Account, *, now: datetime) -> str | None:
    """A code that works now and as long as one can, or None where the last one was used a moment ago. For the sample, whose people have no telephone."""
    step = step_at(now) + DRIFT_STEPS
    return None if step <= (account.totp_step or 0) else pyotp.TOTP(account.totp).generate_otp(step)


def _use_step(account: Account, code: str, now: datetime) -> None:
    totp, here = pyotp.TOTP(account.totp or pyotp.random_base32()), step_at(now)
    steps = range(here - DRIFT_STEPS, here + DRIFT_STEPS + 1)
    fitting = [step for step in steps if hmac.compare_digest(totp.generate_otp(step).encode(), code.encode())]
    # A code works once: what was read over a shoulder is worth nothing, even at the same moment.
    unused = or_(Account.totp_step.is_(None), Account.totp_step < max(fitting, default=0))
    change = update(Account).where(Account.id == account.id, Account.totp_sealed.is_not(None), unused).values(totp_step=max(fitting, default=0))
    if not fitting or db.session.scalar(change.returning(Account.id), execution_options={"synchronize_session": False}) is None:
        raise CodeWrong
    db.session.expire(account, ["totp_step"])


def _use_recovery(account: Account, code: str, now: datetime) -> None:
    mine = (RecoveryCode.account_id == account.id, RecoveryCode.code_hash == _hash(account, code), RecoveryCode.used_at.is_(None))
    change = update(RecoveryCode).where(*mine).values(used_at=now).returning(RecoveryCode.id)
    if db.session.scalar(change, execution_options={"synchronize_session": False}) is None:
        raise CodeWrong
    audit.record(by=account.id, action="account.recovery_code_used", of=account.id, now=now)


def _plain(code: str) -> str:
    # As it is read from a telephone or from paper: with blanks, hyphens, capitals.
    return "".join(char for char in code[:LONGEST_CODE].upper() if char.isalnum() and char.isascii())


def _hash(account: Account, code: str) -> bytes:
    # 80 random bits under our key: nobody who has the database can try them, so that a slow hash would add nothing.
    return ring().index(f"{account.id.hex}\0{code}", purpose="recovery code")
