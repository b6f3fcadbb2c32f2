"""The stack and the gateway that all tests of this folder look at, after traffic of every kind."""

import pathlib
import sys

import pytest

# The scene of the fronts is the scene of these tests too.
sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "FrontTests"))

import traffic  # noqa: E402
from fronts import running_gateway, running_stack  # noqa: E402


@pytest.fixture(scope="session")
def stack(tmp_path_factory):
    with running_stack(tmp_path_factory.mktemp("stack")) as stack:
        yield stack


@pytest.fixture(scope="session")
def gateway(stack, tmp_path_factory):
    """Has exposed every family of metrics by the time a test sees it."""
    folder = tmp_path_factory.mktemp("gateway")
    settings = traffic.certificate(folder) | {"GATEWAY_WHOAMI": "rules", "GATEWAY_ONE_USE_STORE": "memory", "GATEWAY_LOG_LEVEL": "debug",
                                              "GATEWAY_EMERGENCY_DENY": str(traffic.emergency(folder))}
    settings |= traffic.issuer(folder)
    with traffic.published(folder) as url, running_gateway(
            folder, stack, settings | {"GATEWAY_ISSUER_URL": url}, ["sts_profiles.artifacts.duration=15m"], traffic.policy(stack)) as gateway:
        traffic.mixed(stack, gateway, folder)
        yield gateway
