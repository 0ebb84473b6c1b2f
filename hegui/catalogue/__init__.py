"""What is known of the world: permissions, app types, who adds what."""
