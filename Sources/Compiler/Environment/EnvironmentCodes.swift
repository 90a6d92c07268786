// What can be wrong with env.json and with the file of endpoints.

package import Diagnostics

/// The codes that reading and overlaying env.json, and the file of endpoints, raise.
package enum EnvironmentCodes {
    package static let all: [DiagnosticCode] = [
        .endpointsFile, .environmentAmbiguousFunction, .environmentShape, .environmentSyntax,
        .environmentTrailingComma, .environmentTwice, .environmentUndeclaredVariable, .environmentUnknownFunction,
        .environmentUnset, .environmentValue, .parameterBoolean, .parameterFile,
    ]
}

extension DiagnosticCode {
    static let environmentSyntax = DiagnosticCode(
        "env-syntax",
        .error,
        """
        The file of environment variables is not JSON at this place. It is an object of objects:

            {
              "Parameters": { "STAGE": "local" },
              "RatingsFunction": { "TABLE_NAME": "localtable" }
            }

        Names and texts stand in double quotes, and JSON has no comments. Other tools take a file that they cannot \
        read for one in `.env` format and drop all of its variables without a word; here every fault is an error.

        A file in `.env` format is recognized by its name (`.env`, `local.env`) or by its first line, unless its name \
        ends with `.json` or it begins with a brace. A line of it is `NAME=value`, with `export` before it if need be; \
        a value with spaces at its ends, a `#` behind one, or several lines stands in quotes.
        """
    )
    static let environmentTrailingComma = DiagnosticCode(
        "env-trailing-comma",
        .warning,
        """
        A comma stands behind the last member. The AWS documentation prints it so, but JSON has no such comma, and \
        SAM CLI drops all variables of a file with one. It is accepted here; remove it so that every tool reads the \
        file.
        """
    )
    static let environmentShape = DiagnosticCode(
        "env-shape",
        .error,
        """
        The file of environment variables is an object whose members are objects: `Parameters` for the variables of \
        all functions, and one for each function, named by its logical id or its `FunctionName`. A variable cannot \
        stand outside of them.
        """
    )
    static let environmentValue = DiagnosticCode(
        "env-value",
        .error,
        """
        The value of an environment variable is a text, a number or a boolean; the last two become text as they are \
        written (`1.50` stays `1.50`). A list or an object has to be written as a text: `"[1, 2]"`. An empty value is \
        `""`. The `Value` of an API key, which is named by its logical id, has 20 to 128 characters.
        """
    )
    static let environmentUnknownFunction = DiagnosticCode(
        "env-unknown-function",
        .warning,
        """
        The file has variables for a function that the template does not have, so they have no effect. A function is \
        named by its logical id, which is its key under `Resources`, or by its `FunctionName`.
        """
    )
    static let environmentAmbiguousFunction = DiagnosticCode(
        "env-ambiguous-function",
        .warning,
        """
        The file has two objects for one function, one under its logical id and one under its `FunctionName`. The \
        first is used, the second has no effect. Put the variables into one of them.
        """
    )
    static let environmentUndeclaredVariable = DiagnosticCode(
        "env-undeclared-variable",
        .warning,
        """
        The template does not declare the variable under `Environment: Variables:` of the function (or, for \
        `Parameters`, of any function), so it is not passed; SAM CLI does the same. Declare it in the template, with \
        an empty value if need be.
        """
    )
    static let endpointsFile = DiagnosticCode(
        "endpoints-file",
        .error,
        """
        The file of endpoints is a JSON object with a member for each function that is reached elsewhere than at the \
        default, by its logical id:

            { "RatingsFunction": { "protocol": "lambda", "url": "http://127.0.0.1:9001" } }

        `protocol` is `lambda` (the Invoke API, the default), `rie` or `http`.
        """
    )
}
