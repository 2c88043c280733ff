"""What the steps stand on: targets, the wire, the contract, the evidence and the verdict."""
