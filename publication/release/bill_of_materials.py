"""What a release was made with: a bill of materials of the software (CycloneDX), and the pins it was installed from.

Walks in: `Contents`, the installed libraries and the lock file of the checkout. Walk out: `sbom.cdx.json`, Wardcast and
every library that it needs, with version, licence and what needs what; and `requirements.lock`, where there is one.
Nothing is asked of a network.
"""

from __future__ import annotations

import platform
import shutil
from functools import cache
from importlib.metadata import PackageMetadata, PackageNotFoundError, metadata
from pathlib import Path

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.contrib.this.builders import this_component
from cyclonedx.model import Property
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.license import License
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from publication.release.contents import Contents
from publication.release.manifest import ReleaseFacts
from sources.files.checksums import sha256

BILL = "sbom.cdx.json"
PINS = "requirements.lock"
PRODUCT = "wardcast"
UNKNOWN = "not stated"

_CHECKOUT = Path(__file__).resolve().parents[2]
_OSI = "License :: OSI Approved :: "


def write_bill_of_materials(folder: Path, contents: Contents) -> None:
    """Write the bill of materials, and a copy of the pins with their hashes where there is a lock file."""
    pins = _CHECKOUT / PINS
    (folder / BILL).write_text(bill_of_materials(contents.facts, pins) + "\n", encoding="utf-8")
    if pins.is_file():
        shutil.copyfile(pins, folder / PINS)


def bill_of_materials(facts: ReleaseFacts, pins: Path) -> str:
    """Return the bill of materials as CycloneDX 1.6 JSON; `pins` is the lock file, which it names by checksum."""
    needed = libraries()
    components = {name: _component(stated) for name, (stated, _) in needed.items()}
    product = components.pop(PRODUCT)
    product.type, product.version = ComponentType.APPLICATION, facts.code_version
    product.purl = None  # it is in no registry under this name
    if pins.is_file():
        product.properties.add(Property(name=f"{PRODUCT}:sha256 of {PINS}", value=sha256(pins)))
    python = Component(name="python", version=platform.python_version(), type=ComponentType.PLATFORM, bom_ref="python")
    bill = Bom(components=[python, *components.values()])
    bill.metadata.timestamp = facts.created_at.replace(microsecond=0)
    bill.metadata.tools.components.add(this_component())
    bill.metadata.component = product
    for name, component in {PRODUCT: product, **components}.items():
        bill.register_dependency(component, [components[other] for other in needed[name][1]])
    bill.register_dependency(product, [python])
    return JsonV1Dot6(bill).output_as_string(indent=2)


@cache  # they stay the same while a process runs, and to read of them all takes a while
def libraries() -> dict[str, tuple[PackageMetadata, tuple[str, ...]]]:
    """Return what the product and each installed library that it needs, directly or not, states, and which it needs.

    By name. Extras count where a requirement asks for them. What a requirement leaves out on this machine is left out.
    """
    found: dict[str, PackageMetadata] = {}
    needs: dict[str, set[str]] = {}
    waiting, seen = [(PRODUCT, "")], set()
    while waiting:
        name, extra = waiting.pop()
        if (name, extra) in seen:
            continue
        seen.add((name, extra))
        if name not in found:
            try:
                found[name] = metadata(name)
            except PackageNotFoundError:
                continue
        for line in found[name].get_all("Requires-Dist") or []:
            required = Requirement(line)
            if required.marker is None or required.marker.evaluate({"extra": extra}):
                other = canonicalize_name(required.name)
                needs.setdefault(name, set()).add(other)
                waiting += [(other, asked) for asked in ("", *required.extras)]
    return {
        name: (found[name], tuple(sorted(needs.get(name, set()) & found.keys() - {name}))) for name in sorted(found)
    }


def _component(stated: PackageMetadata) -> Component:
    name = canonicalize_name(stated["Name"])
    return Component(
        name=name,
        version=stated["Version"],
        bom_ref=f"{name}=={stated['Version']}",
        description=_field(stated, "Summary") or None,
        licenses=[_licence(stated)],
        purl=PackageURL("pypi", name=name, version=stated["Version"]),
    )


def _licence(stated: PackageMetadata) -> License:
    """Return the licence as the library states it: an SPDX expression, a short name, or what its classifiers say."""
    plain = _field(stated, "License")
    # Some libraries put the whole text of their licence where others put its name.
    short = "" if "\n" in plain or plain.lower() == "unknown" else plain
    classifiers = stated.get_all("Classifier") or []
    classified = [one.removeprefix(_OSI) for one in classifiers if one.startswith(_OSI)]
    said = _field(stated, "License-Expression") or short or " and ".join(classified) or UNKNOWN
    return LicenseFactory().make_from_string(said)


def _field(stated: PackageMetadata, field: str) -> str:
    return str((stated.get_all(field) or [""])[0]).strip()
