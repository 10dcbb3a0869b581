"""One finding in the form that all analyses share."""


def finding(code, severity, message, span=None):
    return {
        "code": code,
        "severity": severity,
        "message": message,
        "span": {"start": span[0], "end": span[1]} if span else None,
    }
