"""Runs a module as ``python -m MODULE ARGS...`` would, in a process that can hold Feast 0.14.1.

Two things that were there in 2021 are put in place first; site-packages stays as it was installed.
"""

import os
import runpy
import sys
import types


def replace_import() -> None:
    """feast.type_map takes the class of messages out of protobuf's C++ part, which Python 3.11 has no wheel of."""
    from google.protobuf.reflection import GeneratedProtocolMessageType

    module = types.ModuleType("google.protobuf.pyext.cpp_message")
    module.GeneratedProtocolMessageType = GeneratedProtocolMessageType
    sys.modules[module.__name__] = module


def follow_endpoint_url() -> None:
    """boto3 of 2021 does not know AWS_ENDPOINT_URL."""
    import boto3.session

    client = boto3.session.Session.client
    resource = boto3.session.Session.resource
    endpoint = os.environ["AWS_ENDPOINT_URL"]

    def with_endpoint(create):
        def created(self, service_name, *arguments, **keywords):
            if not keywords.get("endpoint_url"):
                keywords["endpoint_url"] = endpoint
            return create(self, service_name, *arguments, **keywords)

        return created

    boto3.session.Session.client = with_endpoint(client)
    boto3.session.Session.resource = with_endpoint(resource)


if __name__ == "__main__":
    replace_import()
    follow_endpoint_url()
    sys.argv = sys.argv[1:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
