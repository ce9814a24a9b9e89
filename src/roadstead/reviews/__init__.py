"""Submissions travel the track by claims, checks, evidence and decisions."""
