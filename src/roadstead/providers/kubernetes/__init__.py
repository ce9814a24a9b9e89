"""Kubernetes: releases in namespaces, through Helm and the API server."""
