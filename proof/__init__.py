"""What the suite is proven against: faults that it must catch, and differences at which it must stay green."""
