// The words behind statuses.

import Testing

@testable import Proxy

struct ReasonPhraseTests {
    @Test(
        "Statuses of the registry have their phrases",
        arguments: [
            (200, "OK"), (203, "Non-Authoritative Information"), (206, "Partial Content"), (300, "Multiple Choices"),
            (402, "Payment Required"), (406, "Not Acceptable"), (410, "Gone"), (416, "Range Not Satisfiable"),
            (428, "Precondition Required"), (451, "Unavailable For Legal Reasons"), (507, "Insufficient Storage"),
            (299, "Status"),
        ]
    )
    func phrases(_ status: Int, _ phrase: String) {
        #expect(ResponseWriter.reason(status).description == phrase)
    }
}
