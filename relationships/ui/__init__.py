"""What pages show beside their own content, and how the kernel's things read on them."""

from relationships.ui.shell import NavGroup, NavItem, Shell, build_shell, nearby_days

__all__ = ["NavGroup", "NavItem", "Shell", "build_shell", "nearby_days"]
