"""Pure rules: benefit in both channels, prescriptions, registrations, convenience pharmacies."""
