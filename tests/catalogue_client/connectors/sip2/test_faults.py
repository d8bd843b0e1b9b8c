"""Whatever the line does, nothing is done twice and nothing is told that did not happen."""

from __future__ import annotations

import asyncio
import ipaddress
import ssl
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import HealthCheck, example, given
from hypothesis import settings as tried
from hypothesis import strategies as st

from catalogue_client.connectors.sip2.circulation import sip2_circulation
from catalogue_client.errors import LibraryError, OutcomeUnknown, Unavailable
from tests.catalogue_client.connectors.sip2.bad_line import BadLine, Fault
from tests.catalogue_client.connectors.sip2.conftest import Branch, open_branch, settings
from tests.rig.sip2_server import HABITS, PIN, TICKET, LibrarySystem

FAST = [fault for fault in Fault if fault not in (Fault.SILENCE, Fault.SLOW)]


@pytest.mark.parametrize("fault", Fault)
async def test_one_fault_of_a_hold_is_got_over(branch: Branch, fault: Fault) -> None:
    branch.line.faults.append(("15", fault))
    hold = await branch.circulation.place_hold(TICKET, "B1", "KZ", key="1")
    assert (hold.id, hold.status) == ("B1", "waiting")
    assert branch.system.waiting == ["B1"] and branch.system.placed == 1


@pytest.mark.parametrize("fault", FAST)
async def test_one_fault_of_a_renewal_is_got_over(branch: Branch, fault: Fault) -> None:
    branch.line.faults.append(("29", fault))
    assert (await branch.circulation.renew(TICKET, "B4", key="1")).due == date(2026, 12, 18)
    assert branch.system.renewals == {"B4": 1}


@pytest.mark.parametrize("fault", FAST)
async def test_one_fault_of_a_question_is_got_over(branch: Branch, fault: Fault) -> None:
    branch.line.faults.append(("63", fault))
    assert len(await branch.circulation.loans(TICKET)) == 2


async def test_an_outcome_that_cannot_be_seen_is_told_as_unknown_and_the_key_may_try_again(branch: Branch) -> None:
    branch.line.faults.append(("15", Fault.LOST_ANSWER))
    branch.line.faults.extend([("63", Fault.LOST_REQUEST)] * 2)
    with pytest.raises(OutcomeUnknown):
        await branch.circulation.place_hold(TICKET, "B1", "KZ", key="1")
    assert branch.system.waiting == ["B1"]
    with pytest.raises(LibraryError, match="already_held"):
        await branch.circulation.place_hold(TICKET, "B1", "KZ", key="1")
    assert branch.system.placed == 1


async def test_a_renewal_that_the_server_confirmed_is_told_though_the_account_cannot_be_read_after(
    branch: Branch,
) -> None:
    # The greeting's damaged answer makes every link be used once, so the look after the renewal needs a new one.
    damaged, lost = ("93", Fault.DAMAGED), Fault.LOST_REQUEST
    branch.line.faults.extend([damaged, damaged, ("63", lost), ("93", lost)])
    assert (await branch.circulation.renew(TICKET, "B4", key="1")).due == date(2026, 12, 18)
    branch.system.tells_due = False
    branch.line.faults.extend([damaged, damaged, ("63", lost), ("93", lost)])
    assert (await branch.circulation.renew(TICKET, "B3", key="2")).due is None, "renewed, and no word until when"
    assert branch.system.renewals == {"B4": 1, "B3": 1}


async def test_a_server_that_accepts_nobody_is_away_and_comes_back(branch: Branch) -> None:
    branch.line.accepts = False
    with pytest.raises(Unavailable):
        await branch.circulation.place_hold(TICKET, "B1", "KZ", key="1")
    branch.line.accepts = True
    assert (await branch.circulation.place_hold(TICKET, "B1", "KZ", key="1")).id == "B1"


async def test_nobody_listens() -> None:
    async with sip2_circulation(settings(1)) as circulation:
        with pytest.raises(Unavailable, match="cannot be reached"):
            await circulation.loans(TICKET)


@pytest.mark.parametrize("name", HABITS)
async def test_a_renewal_without_an_answer_is_never_sent_again_unseen(name: str) -> None:
    async with open_branch(HABITS[name]) as branch:
        await branch.circulation.identify(TICKET, PIN, "line 1")
        # The renewal is made, its answer lost; then the copy cannot be asked about, while the other can.
        branch.line.faults.append(("29", Fault.LOST_ANSWER))
        branch.line.faults.extend([("17", Fault.LOST_REQUEST)] * 2)
        with suppress(OutcomeUnknown):
            await branch.circulation.renew(TICKET, branch.name("B4"), key="1")
        assert branch.system.renewals == {"B4": 1}


@pytest.mark.parametrize("name", HABITS)
async def test_a_renewal_of_all_without_an_answer_is_never_sent_again_unseen(name: str) -> None:
    async with open_branch(HABITS[name]) as branch:
        await branch.circulation.identify(TICKET, PIN, "line 1")
        branch.system.loans["B5"] = date(2026, 12, 4)
        branch.line.faults.append(("65", Fault.LOST_ANSWER))
        branch.line.faults.extend([("17", Fault.LOST_REQUEST)] * 4)
        with suppress(OutcomeUnknown):
            outcomes = await branch.circulation.renew_all(TICKET, key="1")
            assert all(outcome.renewed for outcome in outcomes)
        assert branch.system.renewals == {"B3": 1, "B4": 1, "B5": 1}


CODES = st.sampled_from(["93", "99", "63", "17", "15", "29"])
ACTS = st.sampled_from(["hold B1", "hold B2", "cancel B1", "renew B3", "renew B4"])
Plan = list[tuple[str, list[tuple[str, Fault]]]]


@tried(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(list(HABITS)),
    st.lists(st.tuples(ACTS, st.lists(st.tuples(CODES, st.sampled_from(FAST)), max_size=4)), max_size=5),
)
@example("plain", [("renew B4", [("29", Fault.LOST_ANSWER), ("93", Fault.LOST_REQUEST)])])
def test_random_faults_never_double_and_never_lie(name: str, plan: Plan) -> None:
    async def live() -> None:
        async with open_branch(HABITS[name]) as branch:
            await branch.circulation.identify(TICKET, PIN, "line 1")
            for turn, (act, faults) in enumerate(plan):
                branch.line.faults.clear()
                branch.line.faults.extend(faults)
                await act_and_judge(branch, act, str(turn))

    asyncio.run(live())


async def act_and_judge(branch: Branch, act: str, key: str) -> None:
    verb, barcode = act.split()
    system, circulation = branch.system, branch.circulation
    held, renewed = system.waiting.count(barcode), system.renewals.get(barcode, 0)
    try:
        if verb == "hold":
            await circulation.place_hold(TICKET, barcode, "KZ", key=key)
            assert (held, system.waiting.count(barcode)) == (0, 1)
        elif verb == "cancel":
            await circulation.cancel_hold(TICKET, branch.name(barcode), key=key)
            assert (held, system.waiting.count(barcode)) == (1, 0)
        else:
            loan = await circulation.renew(TICKET, branch.name(barcode), key=key)
            assert system.renewals[barcode] == renewed + 1 and loan.due in (None, system.loans[barcode])
    except OutcomeUnknown:
        pass  # it may have been done, once
    except LibraryError:
        assert (system.waiting.count(barcode), system.renewals.get(barcode, 0)) == (held, renewed)
    assert system.waiting.count(barcode) <= 1 and system.renewals.get(barcode, 0) <= renewed + 1


async def test_through_tls_only_with_a_certificate_that_is_trusted(tmp_path: Path) -> None:
    certificate = own_certificate(tmp_path)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    async with LibrarySystem().serving() as far, BadLine(far).listening(context) as near:
        async with sip2_circulation(settings(near, tls=True, authority=str(certificate))) as circulation:
            assert len(await circulation.loans(TICKET)) == 2
        async with sip2_circulation(settings(near, tls=True)) as circulation:
            with pytest.raises(Unavailable, match="SSLCertVerificationError"):
                await circulation.loans(TICKET)


def own_certificate(folder: Path) -> Path:
    """A key and a certificate for 127.0.0.1 in one PEM file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(now - timedelta(1)).not_valid_after(now + timedelta(1))
    names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    made = builder.add_extension(names, critical=False).sign(key, hashes.SHA256())
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = folder / "own.pem"
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path
