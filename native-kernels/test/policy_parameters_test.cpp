// Every policy accepts exactly the parameters that it describes.

#include "core/error.h"
#include "policy/parameter_list.h"
#include "test/policy_fixture.h"

#include <cctype>
#include <set>
#include <sstream>

using namespace loci;
using namespace loci_test;

namespace {

// Returns the message of a refusal; empty if the policy was made.
std::string refusal(const std::string & name, const PolicyParameters & parameters) {
    try {
        make_policy(name, parameters);
    } catch (const Error & failure) {
        REQUIRE_MESSAGE(failure.code() == ErrorCode::invalid_argument,
                        "the code of a refused policy");
        return failure.what();
    }
    return "";
}

bool has(const std::string & text, const std::string & part) {
    return text.find(part) != std::string::npos;
}

TEST_CASE("every parameter is described in a sentence, and takes its default") {
    for (const std::string & name : policy_names()) {
        const auto parameters = policy_parameters(name);
        REQUIRE_MESSAGE(!parameters.empty(), name, " has parameters");
        for (const ParameterDescription & each : parameters) {
            const std::string where = name + ", " + each.name;
            REQUIRE_MESSAGE((std::isupper(static_cast<unsigned char>(each.help.front())) != 0 &&
                             each.help.back() == '.' && !has(each.help, ". ")),
                            where, ": one sentence");
            expect_text(refusal(name, { { each.name, each.value } }), "", where + ": its default");
        }
    }
}

// Returns the numbers of "from A to B"; empty for words.
std::vector<double> bounds_of(const ParameterDescription & parameter) {
    const size_t from = parameter.range.find("from ");
    if (from == std::string::npos) {
        return {};
    }
    std::istringstream text(parameter.range.substr(from + 5));
    std::string to;
    std::vector<double> bounds(2);
    text >> bounds[0] >> to >> bounds[1];
    return bounds;
}

TEST_CASE("every parameter refuses what is outside its range") {
    for (const std::string & name : policy_names()) {
        for (const ParameterDescription & each : policy_parameters(name)) {
            std::vector<std::string> wrong = { "", "x", "1x", "nan", "inf", " " };
            for (const double bound : bounds_of(each)) {
                wrong.push_back(
                    std::to_string(bound == bounds_of(each)[0] ? bound - 1.0 : bound + 1.0));
            }
            if (has(each.range, "whole") || has(each.range, "odd")) {
                wrong.push_back("2.5");
            }
            for (const std::string & text : wrong) {
                const std::string sentence = refusal(name, { { each.name, text } });
                std::ostringstream right;
                right << "The parameter " << each.name << " of the policy " << name << " must be "
                      << each.range << ", not " << text << '.';
                expect_text(sentence, right.str(), "a wrong value");
            }
        }
    }
}

// Every policy either accepts a parameter of another one or refuses it, listing its own.
TEST_CASE("what a policy does not have is refused with what it has") {
    std::set<std::string> all;
    for (const std::string & name : policy_names()) {
        for (const ParameterDescription & each : policy_parameters(name)) {
            all.insert(each.name);
        }
    }
    int refused = 0;
    for (const std::string & name : policy_names()) {
        std::set<std::string> own;
        std::string listed;
        for (const ParameterDescription & each : policy_parameters(name)) {
            own.insert(each.name);
            listed += (listed.empty() ? "" : ", ") + each.name;
        }
        for (const std::string & other : all) {
            if (own.count(other) == 0) {
                std::ostringstream right;
                right << "The policy " << name << " has no parameter \"" << other << "\"; it has "
                      << listed << '.';
                expect_text(refusal(name, { { other, "1" } }), right.str(),
                            "a parameter of others");
                refused++;
            }
        }
    }
    REQUIRE_MESSAGE(refused > 0, "no policy lacks anything");
}

// Each parameter sets the field that it was declared with, and the last value of a name wins.
TEST_CASE("a list describes and sets its fields") {
    enum class Colour { red, green };
    int whole = 3;
    uint32_t seed = 1;
    int odd = 5;
    double real = 0.25;
    Colour colour = Colour::green;
    ParameterList list;
    list.whole("whole", whole, -1, 9, "A.");
    list.whole("seed", seed, "B.");
    list.odd("odd", odd, 1, 7, "C.");
    list.real("real", real, 0, 1, "D.");
    list.word<Colour>("colour", colour, { { "red", Colour::red }, { "green", Colour::green } },
                      "E.");
    const auto described = list.described();
    const char * expected[][3] = { { "whole", "3", "a whole number from -1 to 9" },
                                   { "seed", "1", "a whole number from 0 to 4294967295" },
                                   { "odd", "5", "an odd number from 1 to 7" },
                                   { "real", "0.25", "a number from 0 to 1" },
                                   { "colour", "green", "one of red, green" } };
    for (size_t i = 0; i < described.size(); i++) {
        expect_text(described[i].name, expected[i][0], "a name");
        expect_text(described[i].value, expected[i][1], "a default");
        expect_text(described[i].range, expected[i][2], "a range");
    }
    list.set("none", { { "whole", "-1" },
                       { "seed", "4294967295" },
                       { "odd", "1" },
                       { "odd", "7" },
                       { "real", "1e-1" },
                       { "colour", "red" } });
    REQUIRE_MESSAGE((whole == -1 && seed == 4294967295u && odd == 7 && colour == Colour::red),
                    "what was given");
    REQUIRE_MESSAGE(real == about(0.1, 1e-12), "a number");
    try {
        list.odd("odd", odd, 1, 7, "C.");
    } catch (const Error & failure) {
        REQUIRE_MESSAGE(failure.code() == ErrorCode::internal, "the code of a mistake");
        return;
    }
    FAIL("a parameter was declared twice");
}

// CAKE's shares need attention, whether or not the score does.
TEST_CASE("any score may share its budget out as CAKE does") {
    const std::vector<Statistic> right = { Statistic::sum, Statistic::l2 };
    for (const std::string & name : policy_names()) {
        if (name == "full") {
            continue;
        }
        const auto policy = make_policy(name, { { "allocation", "cake" }, { "rows", "all" } });
        const PolicyNeeds needs = policy->needs();
        for (const Statistic statistic : right) {
            const auto & all = needs.attention.statistics;
            REQUIRE_MESSAGE(std::count(all.begin(), all.end(), statistic) == 1, name,
                            " reads it once");
        }
        REQUIRE_MESSAGE(needs.attention.rows == Rows::all, name, " is observed");
    }
    std::mt19937 random(61);
    Scenario scenario;
    for (int l = 0; l < 3; l++) {
        scenario.request.layers.push_back(plain_layer(random, 2, 70));
        add_vectors(random, scenario.request.layers.back());
        scenario.request.layers.back().attention.rows = 8;
    }
    // The middle layer's attention varies, so its columns have a variance.
    for (float & value : scenario.request.layers[1].attention.l2) {
        value *= 4.0f;
    }
    scenario.request.stream_tokens = 70;
    scenario.request.budget_rows = 60;
    scenario.request.max_layer_rows = 1000;
    scenario.request.recent = 4;
    const auto kept =
        make_policy("keydiff", { { "allocation", "cake" } })->select(scenario.ready());
    REQUIRE_MESSAGE((kept[1].rows > kept[0].rows && kept[1].rows > kept[2].rows),
                    "rows by attention");
}

TEST_CASE("values head by head are projected ones") {
    for (const char * term : { "squared", "l1" }) {
        REQUIRE_MESSAGE(has(refusal("laprox", { { "aggregate", "apart" }, { "value", term } }),
                            "takes value=projected or value=none"),
                        term);
    }
    const PolicyParameters apart = { { "aggregate", "apart" } };
    REQUIRE_MESSAGE(has(refusal("ahakv", apart), "takes value=projected"), "ahakv");
    REQUIRE_MESSAGE(make_policy("laprox", apart)->needs().value == ValueNeed::projected_apart,
                    "laprox");
}

} // namespace
