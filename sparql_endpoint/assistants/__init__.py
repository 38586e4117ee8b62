"""The graph for assistants: a server of the Model Context Protocol (MCP) in front of an endpoint.

Source: https://modelcontextprotocol.io/specification
"""
