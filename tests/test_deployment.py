"""What is deployed names only settings, metrics, files and services that there are."""

from __future__ import annotations

import configparser
import importlib.util
import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.config import Config
from bot.figures import Gauges
from bot.metrics import Metrics
from bot.monitoring import PATH
from bot.secretfiles import FILE_SUFFIX, is_secret

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "examples"
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
DASHBOARD = json.loads((EXAMPLES / "grafana" / "easel.json").read_text())
EXPRESSIONS = [target["expr"] for panel in DASHBOARD["panels"] for target in panel["targets"]]
DOCKERFILE = (ROOT / "Dockerfile").read_text()


def settings() -> set[str]:
    names = {name.upper() for name in Config.model_fields}
    secrets = {name.upper() for name, field in Config.model_fields.items() if is_secret(field)}
    return names | {f"{name}{FILE_SUFFIX}" for name in secrets}


def service_settings() -> set[str]:
    """The variables that the engine service reads, as its own sources write them."""
    found = importlib.util.find_spec("engine.service")
    if found is None or not found.submodule_search_locations:
        pytest.skip("there is no engine service")
    sources = Path(found.submodule_search_locations[0]).rglob("*.py")
    return {name for path in sources for name in re.findall(r"ENGINE_[A-Z_]+", path.read_text())}


def metric_names() -> set[str]:
    """All that a bot can ever tell, labelled metrics too before they have a label."""
    metrics = Metrics()
    Gauges(metrics)
    metrics.failed("x")
    families = {family.name: family.type for family in metrics.registry.collect()}
    ends = {"counter": ("_total",), "histogram": ("_bucket", "_count", "_sum"), "gauge": ("",)}
    return {name + end for name, kind in families.items() for end in ends[kind]}


def test_the_bots_service_sets_only_what_the_bot_reads() -> None:
    assert SERVICES["easel"]["environment"].keys() <= settings()


def test_the_engines_service_sets_only_what_it_reads() -> None:
    assert SERVICES["engine"]["environment"].keys() <= service_settings()


def test_only_the_bot_starts_without_a_profile() -> None:
    assert [name for name, service in SERVICES.items() if "profiles" not in service] == ["easel"]
    explained = (ROOT / "compose.yaml").read_text().split("x-hardened")[0]
    profiles = {profile for service in SERVICES.values() for profile in service.get("profiles", ())}
    assert all(f"#   {profile} " in explained for profile in profiles)


@pytest.mark.parametrize("name", SERVICES)
def test_ports_are_published_on_the_loopback_only(name: str) -> None:
    assert all(port.startswith("127.0.0.1:") for port in SERVICES[name].get("ports", ()))


@pytest.mark.parametrize("name", SERVICES)
def test_every_volume_is_declared_and_every_file_is_there(name: str) -> None:
    for volume in SERVICES[name].get("volumes", ()):
        source = volume.split(":")[0]
        if source.startswith("./") and source != "./secrets":
            assert (ROOT / source).is_file()
        elif not source.startswith("./"):
            assert source in COMPOSE["volumes"]


@pytest.mark.parametrize("name", ["easel", "engine"])
def test_our_own_services_may_do_little(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"]
    assert service["cap_drop"] == ["ALL"]
    assert service["build"]["args"].keys() <= set(re.findall(r"^ARG (\w+)", DOCKERFILE, re.M))


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_the_dashboard_asks_for_metrics_that_there_are(expression: str) -> None:
    asked = set(re.findall(r"\b(?:easel|process)_\w+", expression))
    assert asked
    assert asked <= metric_names()


def test_every_metric_of_the_operators_is_on_the_dashboard() -> None:
    shown = " ".join(EXPRESSIONS)
    for name in ("queue_jobs", "job_wait", "job_run", "steps_per_second", "failures", "edit_delay"):
        assert name in shown
    for name in ("outbox_age", "inbox_age", "floods"):
        assert name in shown


def test_panels_lie_beside_each_other() -> None:
    taken = [
        (x, y)
        for panel in DASHBOARD["panels"]
        for x in range(panel["gridPos"]["x"], panel["gridPos"]["x"] + panel["gridPos"]["w"])
        for y in range(panel["gridPos"]["y"], panel["gridPos"]["y"] + panel["gridPos"]["h"])
    ]
    assert len(taken) == len(set(taken))
    assert max(x for x, _ in taken) < 24
    assert len({panel["id"] for panel in DASHBOARD["panels"]}) == len(DASHBOARD["panels"])


def test_prometheus_and_grafana_find_each_other() -> None:
    prometheus = yaml.safe_load((EXAMPLES / "prometheus.yaml").read_text())
    bot, engine = (job["static_configs"][0]["targets"][0] for job in prometheus["scrape_configs"])
    host, port = bot.split(":")
    assert f":{port}}}" in SERVICES[host]["environment"]["METRICS_LISTEN"]
    assert engine.split(":")[0] in SERVICES
    assert PATH == "/metrics"  # where Prometheus looks unless it is told otherwise
    grafana = yaml.safe_load((EXAMPLES / "grafana" / "datasources.yaml").read_text())
    (source,) = grafana["datasources"]
    assert source["url"].split("://")[1].split(":")[0] in SERVICES
    assert {panel["datasource"]["uid"] for panel in DASHBOARD["panels"]} == {source["uid"]}


def test_the_unit_of_systemd_sets_what_the_bot_reads() -> None:
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment, method-assign]
    text = (EXAMPLES / "easel.service").read_text()
    unit.read_string(text)
    variables = set(re.findall(r"^Environment=(\w+)=", text, re.M))
    assert variables - {"PYTHONDONTWRITEBYTECODE"} <= settings()
    assert unit["Service"]["ExecStart"].endswith("python -m bot")
    assert unit["Service"]["RestartPreventExitStatus"] == "2"
