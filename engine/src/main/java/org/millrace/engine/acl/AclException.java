package org.millrace.engine.acl;

/** The users that a node is to begin with are not there, or not right. */
public final class AclException extends RuntimeException
{
    private static final long serialVersionUID = 1;

    public AclException(final String message)
    {
        super(message);
    }
}
