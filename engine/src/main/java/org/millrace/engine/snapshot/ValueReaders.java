package org.millrace.engine.snapshot;

/** The readers of one loader: one a wire form that this node takes. */
final class ValueReaders
{
    private final ValueReader[] byType = new ValueReader[RdbDescriptor.OPCODE_MIN];

    ValueReaders()
    {
        byType[RdbDescriptor.TYPE_STRING] = new StringReader();
    }

    /** The reader of values of this RDB type, or null: this node does not hold them. */
    ValueReader of(final int type)
    {
        return type < byType.length ? byType[type] : null;
    }
}
