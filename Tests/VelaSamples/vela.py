"""What Vela makes of a pipeline: the environment of each step, and how a step is run. After go-vela/server and worker v0.28."""

import base64
import json
import os
import re
import shlex
import shutil
import subprocess

import yaml
from fronts import PROGRAMS, TOOLS, fetch

CLIENT_IMAGE = "registry.example.com/vela-aws-credentials:"


def parameter(value):
    """A value of `parameters:` as the text of a variable; None is not set."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list) and not any(isinstance(item, (dict, list)) for item in value):
        return ",".join(parameter(item) for item in value)
    if isinstance(value, (dict, list)):
        return json.dumps(value, separators=(",", ":"), sort_keys=True)
    return None if value is None else str(value)


def substitute(text, environment):
    """Vela's replacement of ${NAME}, which it does twice; $$ becomes $, and what is not known becomes nothing."""
    for _ in range(2):
        text = re.sub(r"\$\$|\$\{([^}]*)\}", lambda found: "$" if found[0] == "$$" else environment.get(found[1], ""), text)
    return text


def render(template, variables):
    """The two forms of Go's templates that our sample uses."""
    def value(found):
        default, name = found[1], found[2]
        if name not in variables and default is None:
            raise AssertionError(f"the template needs {name}")
        return str(variables.get(name, default))

    rendered = re.sub(r'\{\{ (?:default "([^"]*)" )?\.(\w+) \}\}', value, template)
    assert "{{" not in rendered, "a form that this test does not know"
    return rendered


def steps_of(pipeline, templates=None):
    """The containers in Vela's order: origins of secrets first. A template is put in its step's place."""
    for secret in pipeline.get("secrets", []):
        # Vela gives an origin a request token by itself.
        assert "id_request" not in secret["origin"], "Vela has no such key there"
        yield secret["origin"] | {"id_request": "yes"}
    for step in pipeline.get("steps", []):
        if "template" not in step:
            yield step
            continue
        rendered = yaml.safe_load(render(templates, step["template"]["vars"]))
        yield from ({**inner, "name": f"{step['name']}_{inner['name']}"} for inner in rendered["steps"])


class Build:
    """A build of octo-org/octo-repo with its own /vela, which all its containers share."""

    def __init__(self, folder, stack, gateway, **build):
        self.folder, self.stack, self.gateway = folder, stack, gateway
        self.build = {
            "org": "octo-org", "repo": "octo-repo", "build": 7, "event": "push", "ref": "refs/heads/main",
            "custom_properties": {"team": "octo"}, **build}
        self.vela = folder / "vela"
        self.vela.mkdir()

    def environment(self, step, has_token=True):
        """What Vela sets for a step, and nothing of this machine."""
        description = {**self.build, "image": step["image"], "commands": "commands" in step}
        registered = json.loads(fetch(self.stack.ready["vela"] + "/_dev/builds", description))
        token = registered["request_token"] if "id_request" in step and has_token else ""
        environment = {
            "VELA": "true", "CI": "true", "VELA_REPO_ORG": "octo-org", "VELA_REPO_NAME": self.build["repo"], "VELA_BUILD_NUMBER": "7",
            "VELA_OPEN_ID_ISSUER": self.stack.ready["issuer"], "VELA_ID_TOKEN_REQUEST_URL": registered["request_url"],
            **{name: str(value) for name, value in step.get("environment", {}).items()},
        }
        for name, value in step.get("parameters", {}).items():
            text = parameter(value)
            if text is not None:
                environment["PARAMETER_" + name.upper()] = text
        environment = {name: substitute(value, environment) for name, value in environment.items()}
        return environment | {"VELA_ID_TOKEN_REQUEST_TOKEN": token}

    def run(self, step, **options):
        """Runs a step as its container would: the client's image is the client, and commands are one script of sh -e."""
        environment = self.environment(step, **options)
        if "commands" not in step:
            assert step["image"].startswith(CLIENT_IMAGE), f"{step['image']} is not ours and has no commands"
            return self.contain(["/client/vela-aws-credentials"], environment)
        script = "\n".join(f"echo {shlex.quote('$ ' + command)}\n{command}" for command in step["commands"])
        environment["VELA_BUILD_SCRIPT"] = base64.b64encode(substitute(script, environment).encode()).decode()
        # The AWS CLI's images have bash as their sh, which knows `source`.
        return self.contain(["/bin/bash", "-c", "echo $VELA_BUILD_SCRIPT | base64 -d | (exec -a sh /bin/bash -e)"], environment)

    def contain(self, command, environment):
        """This machine's files, but /vela, /tmp and the home are the build's own. In place of AWS's STS the tools know the stand-in."""
        root = self.folder / "root"
        shutil.rmtree(root, ignore_errors=True)
        mounts = []
        for entry in os.scandir("/"):
            if entry.is_symlink():
                root.mkdir(exist_ok=True)
                os.symlink(os.readlink(entry.path), root / entry.name)
            elif entry.is_dir() and entry.name not in ["vela", "tmp", "client", "root", "lost+found"]:
                (root / entry.name).mkdir(parents=True)
                mounts.append(f"mount --rbind /{entry.name} {root}/{entry.name}")
        for name in ["vela", "tmp", "client", "home-of-step"]:
            (root / name).mkdir()
        shutil.copy(PROGRAMS / "vela-aws-credentials", root / "client")
        mounts.append(f"mount --bind {self.vela} {root}/vela")
        # The tools' environment, at its own place: a clone may lie below /tmp.
        tools = TOOLS.parent
        (root / tools.relative_to("/")).mkdir(parents=True, exist_ok=True)
        mounts.append(f"mount --rbind {tools} {root}{tools}")
        environment = environment | {
            "PATH": f"/client:{TOOLS}:/usr/local/bin:/usr/bin:/bin", "HOME": "/home-of-step", "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_ENDPOINT_URL_STS": self.stack.ready["sts"]}
        enter = " && ".join(mounts) + f' && exec /usr/sbin/chroot {root} "$@"'
        return subprocess.run(
            ["/usr/bin/unshare", "--user", "--map-root-user", "--mount", "/bin/sh", "-c", enter, "sh", *command],
            env=environment, capture_output=True, text=True, timeout=120)
