"""What every function shares: domain, ports, adapters, runtime."""
