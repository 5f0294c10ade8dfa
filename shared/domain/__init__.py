"""What the suite knows: one module or package per capability, pure Python over the ports."""
