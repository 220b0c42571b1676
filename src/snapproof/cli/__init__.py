"""The commands: `snapproof check`, `faults`, `scenarios`, `switches`, `show`, `replay`."""
