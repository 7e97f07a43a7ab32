package org.millrace.io.it;

import java.util.Locale;

/** Threading of the Millrace nodes of a test: what is proven in one mode says little of the other. */
enum Mode
{
    SHARED,
    DEDICATED;

    /** Value of the option {@code threading}. */
    String option()
    {
        return name().toLowerCase(Locale.ROOT);
    }
}
