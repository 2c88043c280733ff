"""Request bodies, fields, responses, rejections: what both APIs share.

It must not know any rule.
"""
