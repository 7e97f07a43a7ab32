package org.millrace.io.lua.run;

/** An operation on the values of two expressions. */
abstract class Binary extends Expression
{
    final Expression left;
    final Expression right;

    Binary(final int line, final Expression left, final Expression right)
    {
        super(line);
        this.left = left;
        this.right = right;
    }
}
