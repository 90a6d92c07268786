// The manifest of config/example is what the compiler makes of it.

import Foundation
import Subprocess
import Testing

struct ExampleTests {
    @Test func manifestIsFresh() async throws {
        let ending = try await Program.samovar(
            ["compile", "template.yaml", "--env-vars", "env.json", "--output", "routes.json", "--check"],
            in: ExampleCopy.original.path(percentEncoded: false)
        )
        #expect(ending.status == .exited(0), "\(ending.output)\(ending.errors)")
    }
}
