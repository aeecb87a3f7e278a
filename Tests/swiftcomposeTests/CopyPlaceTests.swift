import Testing

@testable import swiftcompose

struct CopyPlaceTests {
    @Test(arguments: [
        "web:/x": CopyPlace.service("web", path: "/x"), "web:": .service("web", path: ""),
        "./web:/x": .host("./web:/x"), "/web:x": .host("/web:x"), "x": .host("x"), "-": .stream,
        "web:a:b": .service("web", path: "a:b"),
    ])
    func `a colon separates service and path`(text: String, place: CopyPlace) {
        #expect(CopyPlace(text) == place)
    }
}
