"""What tests share: helpers, not tests."""
