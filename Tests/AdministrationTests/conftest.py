"""What the tests of the administrator's listener share: the stand-ins of the front tests, and a policy worth looking at."""

import datetime
import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "FrontTests"))

from fronts import ROLE, running_gateway, running_stack  # noqa: E402

# What would run if a page took a value for markup.
HOSTILE = "</code></td><script>window.hostile=1</script><img src=x onerror=window.hostile=1>"

POLICY = """version: 1
issuers:
  - {{name: vela, url: '{issuer}', audiences: [sts.amazonaws.com], claims: vela}}
  - {{name: old-vela, url: 'http://127.0.0.1:9/_services/token', audiences: [sts.amazonaws.com], claims: vela}}
session_policies:
  read-artifacts: {{Statement: {{Effect: Allow, Action: 's3:GetObject', Resource: 'arn:aws:s3:::artifacts/*'}}}}
  no-iam: {{Statement: {{Effect: Deny, Action: 'iam:*', Resource: '*'}}}}
rules:
  - name: octo-repo
    issuer: vela
    condition:
      StringLike: {{sub: 'repo:octo-org/octo-repo:*', image: 'registry.example.com/vela-aws-credentials:1.*'}}
      StringEquals: {{aud: sts.amazonaws.com, event: [push, tag]}}
      Bool: {{commands: false, pull_fork: false}}
    roles: ['{role}']
    regions: [us-east-1, us-west-2]
    max_duration: 1h
    session_name: '{{repo_org}}.{{repo_name}}-{{build_number}}'
    session_policy: {{default: read-artifacts, always: [no-iam]}}
  - name: deployments
    issuer: vela
    condition: {{StringEquals: {{event: deployment, repo: octo-org/infrastructure}}}}
    roles: ['arn:aws:iam::123456123456:role/deploy/*', 'arn:aws:iam::210987654321:role/teams/{{custom_properties.team}}']
    max_duration: 15m
  - name: hostile.words
    issuer: vela
    condition: {{StringLike: {{repo: '{hostile}*'}}}}
    roles: ['{role}']
  - name: never-from-forks
    effect: deny
    condition: {{Bool: {{pull_fork: true}}}}
  - name: trial
    effect: deny
    issuer: vela
    condition: {{StringNotLike: {{ref: 'refs/heads/*'}}}}
    observe: {{until: '{until}'}}
"""


@pytest.fixture(scope="session")
def stack(tmp_path_factory):
    with running_stack(tmp_path_factory.mktemp("stack")) as stack:
        yield stack


def policy_for(stack):
    until = (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=20)).strftime("%Y-%m-%dT%H:%M:%SZ")
    return POLICY.format(issuer=stack.ready["issuer"], role=ROLE, hostile=HOSTILE, until=until)


@pytest.fixture(scope="session")
def gateway(stack, tmp_path_factory):
    """A gateway that is busy and not altogether well: one of its issuers is down."""
    with running_gateway(tmp_path_factory.mktemp("gateway"), stack, policy_text=policy_for(stack)) as gateway:
        yield gateway
