"""JupyterHub for a department on one machine: each inspector signs in as their own user of the system.

pip install jupyterhub; npm install -g configurable-http-proxy (Node.js 20 or newer)
jupyterhub -f deploy/jupyterhub_config.py

The name of who signed in reaches the kernel as JUPYTERHUB_USER. Everybody in the group `qa-audit` shares the
workspace; `chmod -R o-rwx` keeps all others out.
"""

import os
import sys

from qa_audit import lab

WORKSPACE = os.environ.get("QA_AUDIT_WORKSPACE", "/srv/qa-audit/centre")
NOTEBOOKS = os.environ.get("QA_AUDIT_NOTEBOOKS", "/opt/qa-audit/notebooks")

c = get_config()  # noqa: F821 - JupyterHub gives it  # pyright: ignore[reportUndefinedVariable]

# Reached from this machine only: put a web server with TLS in front, or set ssl_key and ssl_cert.
c.JupyterHub.bind_url = "http://127.0.0.1:8000"
c.JupyterHub.cleanup_servers = True

# What one inspector's kernel makes, the group can change.
os.umask(0o007)

# Users of this machine with their own passwords (PAM); only those of the department's group.
c.JupyterHub.authenticator_class = "pam"
c.LocalAuthenticator.allowed_groups = {"qa-audit"}
c.PAMAuthenticator.admin_groups = {"qa-audit-admin"}

c.Spawner.cmd = [sys.executable, "-m", "jupyterhub.singleuser"]
c.Spawner.args = [f"--ServerApp.root_dir={NOTEBOOKS}", *lab.STAY_HOME]
c.Spawner.default_url = f"/lab/tree/{lab.START_PAGE}"
c.Spawner.environment = {
    "QA_AUDIT_WORKSPACE": WORKSPACE,
    "JUPYTER_CONFIG_PATH": lab.config_paths(),
}
# Nobody forgets a kernel that holds a month in memory.
c.Spawner.args += [
    "--ServerApp.shutdown_no_activity_timeout=7200",
    "--MappingKernelManager.cull_idle_timeout=3600",
]
c.Spawner.start_timeout = 120
c.Spawner.http_timeout = 120
