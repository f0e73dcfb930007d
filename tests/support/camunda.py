"""The PyPI package `generic-camunda-client` as a user of ours has it, over real HTTP."""

from collections.abc import Iterator
from threading import Thread

import generic_camunda_client as camunda
import pytest
from werkzeug.serving import make_server

from tests.support.service import Service
from webapp.config import DEMO_PASSWORD


@pytest.fixture
def address(service: Service) -> Iterator[str]:
    """The application behind a real socket on loopback."""
    server = make_server("127.0.0.1", 0, service.app, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/engine-rest"
    server.shutdown()
    thread.join()


def client(address: str, user_id: str) -> camunda.ApiClient:
    """The client of one user."""
    settings = camunda.Configuration(host=address, username=user_id, password=DEMO_PASSWORD)
    made = camunda.ApiClient(settings)
    made.default_headers["Authorization"] = settings.get_basic_auth_token()
    return made


def variables(values: dict[str, object]) -> dict[str, camunda.VariableValueDto]:
    """Plain values as the client's variables."""
    return {name: camunda.VariableValueDto(value=value) for name, value in values.items()}
