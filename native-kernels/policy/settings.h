#pragma once

#include "policy/layer_budget.h"
#include "policy/policy.h"
#include "policy/protection.h"
#include "policy/value_term.h"

#include <array>
#include <cstdint>
#include <string>

namespace loci {

/// What a method's score is made of.
enum class ScoreKind { attention, keydiff, knorm, lagkv, expected, position, random };

/// Every choice that a method consists of: score x aggregation x allocation x protection. The names
/// and ranges of the parameters are those of `make_settings`.
struct Settings {
    std::string name;

    ScoreKind score = ScoreKind::attention;
    Rows rows = Rows::last;
    int window = 32;
    bool self_guided = false;
    Aggregate aggregate = Aggregate::mean;
    bool accumulated = false;
    int pool = 1;
    bool pool_maximum = false;
    ValueTerm value = ValueTerm::none;
    bool shared_heads = false; ///< one set of tokens for all heads of a layer
    bool defend = false;       ///< no score below the head's mean
    double critical = 0.0;     ///< share of the rows that the attention alone decides
    double mass = 0.0;         ///< share of the mean attention whose tokens come first
    double carry = 1.0;
    double epsilon = 0.0; ///< added to the attention before it meets the value
    int value_pool = 1;
    int partition = 128; ///< LagKV's

    Share allocation = share_uniform;
    bool normalise = true; ///< layers are compared by shares, not by raw scores
    double floor = 0.2;
    double beta = 20.0;
    double alpha = 0.5; ///< share of the budget that layers (`ada`: heads) get alike
    LayerProfile profile = LayerProfile::none; ///< none unless the allocation is by a profile

    bool ragged = false;     ///< the KV heads of a layer may hold different numbers of rows
    double head_alpha = 1.0; ///< share of a layer's rows that its heads get alike

    int sinks = 0;
    int recent = 32;
    double unit = 0.0;        ///< a token scores at least this times its unit's mean
    bool whole_units = false; ///< a unit is kept or dropped as one: its mean is the score
    Units units;
    double quota = 0.0;           ///< share of a head's rows that files have for themselves
    bool share_positions = false; ///< see `PolicyNeeds::shares_positions`
    double sharpen = 0.0;         ///< see `PolicyNeeds::sharpen`
    bool sample = false;          ///< weighted reservoir sampling instead of the best
    uint32_t seed = 0;
};

/// The settings of a method, with `given` in place of its own. Throws Error(invalid_argument) with
/// the valid names or values.
Settings make_settings(const std::string & name, const PolicyParameters & preset,
                       const PolicyParameters & given);

/// The settings of a preset other than full, with `given` in place of its own. Throws as
/// `make_policy` does.
Settings settings_of(const std::string & name, const PolicyParameters & given);

} // namespace loci
