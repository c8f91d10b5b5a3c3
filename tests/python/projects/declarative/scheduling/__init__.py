"""Appointment scheduling for a chain of clinics."""
