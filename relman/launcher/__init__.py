"""Starts Relman on a machine that has only Python: servers, workspace, web, worker and beat.

Nothing here imports Django while it loads: the launcher decides what settings will read.
"""
